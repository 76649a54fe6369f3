package io.offboarder.demo;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A small company with every kind of event that can happen to one, and what should come of each.
 */
final class SmallCompany {
  /**
   * What the API does wrong while the events are worked off, in words that go on from "the API".
   */
  static final String TROUBLE =
      "answers 503 twice and 429 once, and loses the answer to a delete that it has performed";

  private final WebexSandbox sandbox;
  private final Map<String, SandboxPerson> people = new HashMap<>();
  private final Map<String, String> emails = new HashMap<>();
  private final SandboxApp calendar;
  private final SandboxApp slides;
  private final SandboxApp oldCrm;
  private final List<SandboxAuthorization> stay = new ArrayList<>();
  private final List<String> statuses =
      List.of(
          "revoked",
          "revoked",
          "revoked",
          "revoked",
          "revoked",
          "accepted",
          "nothing_to_revoke",
          "nothing_to_revoke",
          "subject_not_found",
          "rejected",
          "rejected",
          "rejected");

  private SmallCompany(WebexSandbox sandbox) {
    this.sandbox = sandbox;
    this.calendar = sandbox.newApp("Calendar");
    this.slides = sandbox.newApp("Slides");
    this.oldCrm = sandbox.newApp("Old CRM");
  }

  /** Hires everybody. */
  static SmallCompany in(WebexSandbox sandbox) {
    SmallCompany company = new SmallCompany(sandbox);
    for (String name : List.of("ann", "bob", "cleo", "dan", "eve")) {
      SandboxPerson leaver = company.hire(name);
      sandbox.authorize(leaver, company.calendar, 2);
      sandbox.authorize(leaver, company.slides, 1);
    }
    company.hire("finn");
    for (String name : List.of("grace", "heidi")) {
      SandboxPerson colleague = company.hire(name);
      company.stay.addAll(sandbox.authorize(colleague, company.calendar, 2));
      sandbox.authorize(colleague, company.oldCrm, 1);
    }
    return company;
  }

  private SandboxPerson hire(String name) {
    SandboxPerson person = sandbox.addPerson(name + "@acme.example");
    people.put(name, person);
    emails.put(person.id(), person.email());
    return person;
  }

  /** What must be live in the end. */
  List<SandboxAuthorization> expectedToStay() {
    return stay;
  }

  /** One status for each event that is published. */
  List<String> expectedStatuses() {
    return statuses;
  }

  String emailOf(String personId) {
    return emails.getOrDefault(personId, personId);
  }

  /** Lets it all happen, with an API that stumbles a few times on the way. */
  void publishTo(Company company) {
    sandbox.script(Fault.of(Effect.Status.of(503)).on(Operation.LIST).matching(id("dan")).times(2));
    sandbox.script(Fault.of(new Effect.LoseAnswer()).on(Operation.DELETE).times(1));
    sandbox.script(
        Fault.of(Effect.Status.of(429).retryAfter("1"))
            .on(Operation.LIST)
            .matching(id("eve"))
            .times(1));
    company.publishStructured(company.terminated(), byId("ann", "com.acme.hr.user-terminated.v1"));
    company.publishBinary(company.terminated(), byEmail("bob"));
    company.publish(company.terminated(), byId("cleo", "user-terminated"));
    company.publish(company.terminated(), byId("cleo", "user-terminated"));
    company.publishStructured(company.terminated(), byId("dan", "user-terminated"));
    company.publishStructured(company.terminated(), byId("eve", "user-terminated"));
    company.publish(company.terminated(), byEmail("finn"));
    company.publish(company.terminated(), named("zoe", "personEmail", "zoe@acme.example"));
    company.publish(
        company.decommissioned(),
        valid(
            Schemas.event("app-decommissioned"),
            event(
                "app-old-crm",
                "app-decommissioned",
                Map.of(
                    "clientId", oldCrm.clientId(),
                    "orgId", sandbox.orgId(),
                    "applicationName", oldCrm.name()))));
    company.publish(company.terminated(), named("slash", "personId", "../people/everybody"));
    company.publish(company.terminated(), "garbage", "not JSON at all".getBytes(UTF_8));
    ObjectNode nextYear = byId("grace", "user-terminated");
    nextYear.withObject("data").put("effectiveAt", "2099-12-31T17:00:00Z");
    company.publish(company.terminated(), nextYear);
  }

  private ObjectNode byId(String name, String type) {
    return event(
        "hr-" + name, type, Map.of("personId", id(name), "personEmail", name + "@acme.example"));
  }

  private ObjectNode byEmail(String name) {
    return valid(
        Schemas.event("user-terminated"), named(name, "personEmail", name + "@acme.example"));
  }

  private static ObjectNode named(String name, String member, String value) {
    return event("hr-" + name, "user-terminated", Map.of(member, value));
  }

  /** An event that is not meant to be rejected is what the published schema says. */
  private static ObjectNode valid(Schema schema, ObjectNode event) {
    assertThat(Schemas.faults(schema, event.toString())).as(event.toString()).isEmpty();
    return event;
  }

  private String id(String name) {
    return people.get(name).id();
  }
}
