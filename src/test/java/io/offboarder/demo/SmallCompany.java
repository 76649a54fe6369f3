package io.offboarder.demo;

import static io.offboarder.demo.Staff.email;
import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import java.util.List;
import java.util.Map;

/**
 * First: an ordinary day of a small company, with every kind of event that can happen to one, and
 * an API that stumbles.
 */
final class SmallCompany {
  /** Somebody whom the protected file names. */
  static final String PROTECTED = "break-glass";

  /** How many people lose access here. */
  static final int LEAVERS = 5;

  private final WebexSandbox sandbox;
  private final Staff staff;

  private SmallCompany(WebexSandbox sandbox, Staff staff) {
    this.sandbox = sandbox;
    this.staff = staff;
  }

  /** Hires everybody. */
  static SmallCompany in(WebexSandbox sandbox, Staff staff) {
    List.of("ann", "bob", "cleo", "dan", "eve").forEach(staff::hireWithApps);
    staff.hire("finn");
    List.of("grace", "heidi").forEach(staff::hireWithOldCrm);
    List.of("ivan", PROTECTED).forEach(staff::hireWithCalendar);
    List.of("grace", "heidi", "ivan", PROTECTED).forEach(name -> staff.mustKeepAccess(email(name)));
    return new SmallCompany(sandbox, staff);
  }

  /** What is about to happen, for who looks on. */
  String story() {
    return """
        1. An ordinary day. %d people hold %d authorizations. HR and the platform team publish 14 events:
        one twice, some wrong, one about a protected person, one only to ask what would be deleted (a dry run).
        Meanwhile the API answers 503 twice and 429 once, and loses the answer to a delete that it has performed.
        """
        .formatted(sandbox.people().size(), sandbox.live().size());
  }

  /** Says what should come of it all. */
  void tell(Auditor auditor) {
    for (String name : List.of("ann", "bob", "cleo", "dan", "eve")) {
      auditor.expect(email(name), "revoked");
    }
    auditor.expect("app-old-crm", "accepted");
    auditor.expect(email("cleo"), "nothing_to_revoke");
    auditor.expect(email("finn"), "nothing_to_revoke");
    auditor.expect(email("zoe"), "subject_not_found");
    auditor.expect(email("ivan"), "dry_run");
    auditor.expect(email(PROTECTED), "skipped");
    auditor.expect(email("grace"), "rejected");
    auditor.expect("hr-slash", "rejected");
    auditor.expect("-", "rejected");
  }

  /** Lets it all happen. */
  void publishTo(Company company) {
    sandbox.script(
        Fault.of(Effect.Status.of(503)).on(Operation.LIST).matching(staff.id("dan")).times(2));
    sandbox.script(Fault.of(new Effect.LoseAnswer()).on(Operation.DELETE).times(1));
    sandbox.script(
        Fault.of(Effect.Status.of(429).retryAfter("1"))
            .on(Operation.LIST)
            .matching(staff.id("eve"))
            .times(1));
    company.publishStructured(company.terminated(), byId("ann", "com.acme.hr.user-terminated.v1"));
    company.publishBinary(company.terminated(), byEmail("bob"));
    company.publish(company.terminated(), byId("cleo", "user-terminated"));
    company.publish(company.terminated(), byId("cleo", "user-terminated"));
    company.publishStructured(company.terminated(), byId("dan", "user-terminated"));
    company.publishStructured(company.terminated(), byId("eve", "user-terminated"));
    company.publish(company.terminated(), byEmail("finn"));
    company.publish(company.terminated(), byEmail("zoe"));
    company.publish(
        company.decommissioned(),
        valid(
            Schemas.event("app-decommissioned"),
            event(
                "app-old-crm",
                "app-decommissioned",
                Map.of(
                    "clientId", staff.oldCrm().clientId(),
                    "orgId", sandbox.orgId(),
                    "applicationName", staff.oldCrm().name()))));
    company.publish(company.terminated(), byEmail(PROTECTED));
    ObjectNode question = byEmail("ivan");
    question.withObject("data").put("dryRun", true);
    company.publish(company.terminated(), question);
    company.publish(company.terminated(), named("slash", "personId", "../people/everybody"));
    company.publish(company.terminated(), "garbage", "not JSON at all".getBytes(UTF_8));
    ObjectNode nextCentury = byId("grace", "user-terminated");
    nextCentury.withObject("data").put("effectiveAt", "2099-12-31T17:00:00Z");
    company.publish(company.terminated(), nextCentury);
  }

  private ObjectNode byId(String name, String type) {
    return event(
        "hr-" + name, type, Map.of("personId", staff.id(name), "personEmail", email(name)));
  }

  private static ObjectNode byEmail(String name) {
    return valid(Schemas.event("user-terminated"), named(name, "personEmail", email(name)));
  }

  private static ObjectNode named(String name, String member, String value) {
    return event("hr-" + name, "user-terminated", Map.of(member, value));
  }

  /** An event that is not meant to be rejected is what the published schema says. */
  private static ObjectNode valid(Schema schema, ObjectNode event) {
    assertThat(Schemas.faults(schema, event.toString())).as(event.toString()).isEmpty();
    return event;
  }
}
