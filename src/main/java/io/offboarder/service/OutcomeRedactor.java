package io.offboarder.service;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import io.offboarder.event.TraceContext;
import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.EventSummary;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.webex.Authorization;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces in outcomes and log lines what may be named by pseudonym only. Ids and addresses of
 * people are replaced where they are known to be that; in every text that the sender or the API
 * wrote, wherever they occur. Ids of authorizations, apps and orgs name nobody and stay.
 */
record OutcomeRedactor(Pseudonymizer names) {

  /** How log lines name an event. */
  EventLog log(OffboardingEvent event, EventTrace trace) {
    return log(event.attributes(), event.subject(), trace);
  }

  /** How log lines name an event that was not understood, as far as it was. */
  EventLog log(Rejected rejected, EventTrace trace) {
    return log(rejected.attributes(), rejected.subject(), trace);
  }

  private EventLog log(EventAttributes event, Subject subject, EventTrace trace) {
    return new EventLog(
        text(event.id(), people(subject, List.of())), subject(subject).key(), trace.traceId());
  }

  /** What went wrong, for a log line. */
  String describe(Problem problem, Outcome outcome) {
    return names.text(problem.message(), people(outcome.subject(), outcome.authorizations()));
  }

  /** The whole outcome. */
  Outcome outcome(Outcome outcome) {
    if (names.isNone()) {
      return outcome;
    }
    Set<String> people = people(outcome.subject(), outcome.authorizations());
    EventSummary about = outcome.about();
    return new Outcome(
        outcome.status(),
        new AppliedRule(outcome.decision().code(), names.text(outcome.decision().reason(), people)),
        new EventSummary(
            attributes(about.attributes(), people),
            subject(about.subject()),
            about.effectiveAt(),
            // People write about people, and not only by their addresses.
            null,
            about.coordinates()),
        outcome.authorizations().stream().map(one -> revocation(one, people)).toList(),
        outcome.verification(),
        outcome.error() == null ? null : problem(outcome.error(), people),
        outcome.notes(),
        outcome.completedAt(),
        outcome.api(),
        outcome.progress());
  }

  private Subject subject(Subject subject) {
    if (names.isNone()) {
      return subject;
    }
    Set<String> people = people(subject, List.of());
    Identifier orgId = id(subject.orgId(), text -> names.text(text, people));
    if (subject instanceof Person person) {
      return new Person(id(person.personId(), names::person), person(person.personEmail()), orgId);
    }
    return subject instanceof App app
        ? new App(names.text(app.clientId(), people), orgId, text(app.applicationName(), people))
        : new Unnamed(orgId);
  }

  private static @Nullable Identifier id(
      @Nullable Identifier id, UnaryOperator<String> replacement) {
    return id == null
        ? null
        : new Identifier(replacement.apply(id.value()), replacement.apply(id.received()));
  }

  /** Whom to replace, wherever it is written. */
  private Set<String> people(Subject subject, List<Revocation> revocations) {
    if (names.isNone()) {
      return Set.of();
    }
    Stream<@Nullable String> named =
        subject instanceof Person person
            ? Stream.concat(
                Stream.ofNullable(person.personId())
                    .flatMap(id -> Stream.of(id.value(), id.received())),
                Stream.ofNullable(person.personEmail()))
            : Stream.of();
    return Stream.concat(named, revocations.stream().map(one -> one.authorization().personId()))
        .filter(name -> name != null && !name.isBlank())
        .map(Objects::requireNonNull)
        .collect(Collectors.toSet());
  }

  private EventAttributes attributes(EventAttributes event, Set<String> people) {
    return new EventAttributes(
        text(event.id(), people),
        text(event.type(), people),
        text(event.source(), people),
        text(event.time(), people),
        event.occurredAt(),
        TraceContext.NONE);
  }

  private Revocation revocation(Revocation one, Set<String> people) {
    Authorization listed = one.authorization();
    Authorization told =
        new Authorization(
            listed.id(),
            listed.type(),
            person(listed.personId()),
            listed.clientId(),
            listed.applicationId(),
            text(listed.applicationName(), people),
            listed.created());
    return new Revocation(
        told,
        one.result(),
        one.httpStatus(),
        one.trackingId(),
        one.attempts(),
        one.at(),
        text(one.problem(), people));
  }

  private Problem problem(Problem problem, Set<String> people) {
    return new Problem(
        problem.code(),
        problem.field(),
        problem.httpStatus(),
        names.text(problem.message(), people));
  }

  private @Nullable String person(@Nullable String name) {
    return name == null ? null : names.person(name);
  }

  private @Nullable String text(@Nullable String text, Set<String> people) {
    return text == null ? null : names.text(text, people);
  }
}
