package io.offboarder.demo;

import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.WebexSandbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who works at the company, which apps they let in, and who must have kept access in the end. */
final class Staff {
  private final WebexSandbox sandbox;
  private final Map<String, SandboxPerson> people = new HashMap<>();
  private final Map<String, String> emails = new HashMap<>();
  private final List<String> stay = new ArrayList<>();
  private final SandboxApp calendar;
  private final SandboxApp slides;
  private final SandboxApp oldCrm;

  Staff(WebexSandbox sandbox) {
    this.sandbox = sandbox;
    this.calendar = sandbox.newApp("Calendar");
    this.slides = sandbox.newApp("Slides");
    this.oldCrm = sandbox.newApp("Old CRM");
  }

  /** Somebody who uses no app yet. */
  SandboxPerson hire(String name) {
    SandboxPerson person = sandbox.addPerson(email(name));
    people.put(name, person);
    emails.put(person.id(), person.email());
    return person;
  }

  /** Somebody who uses Calendar. */
  SandboxPerson hireWithCalendar(String name) {
    SandboxPerson person = hire(name);
    sandbox.authorize(person, calendar, 2);
    return person;
  }

  /** Somebody who uses Calendar and Slides. */
  SandboxPerson hireWithApps(String name) {
    SandboxPerson person = hireWithCalendar(name);
    sandbox.authorize(person, slides, 1);
    return person;
  }

  /** Somebody who uses Calendar and the app that is to be retired. */
  SandboxPerson hireWithOldCrm(String name) {
    SandboxPerson person = hireWithCalendar(name);
    sandbox.authorize(person, oldCrm, 1);
    return person;
  }

  /** The app that is to be retired. */
  SandboxApp oldCrm() {
    return oldCrm;
  }

  /** The Webex id of somebody. */
  String id(String name) {
    return people.get(name).id();
  }

  /** The address of somebody; there need not be such a person. */
  static String email(String name) {
    return name + "@acme.example";
  }

  /** This person's access, but for the retired app, must be there in the end. */
  void mustKeepAccess(String email) {
    stay.add(email);
  }

  /** Whether an authorization must be there in the end. */
  boolean mustStay(SandboxAuthorization one) {
    return stay.contains(emailOf(one.personId())) && !one.applicationName().equals(oldCrm.name());
  }

  String emailOf(String personId) {
    return emails.getOrDefault(personId, personId);
  }
}
