package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.revocation.Outcome.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which outcomes somebody asks for: those that all of the options fit. */
final class OutcomeFilter {
  @Option(
      names = "--person",
      paramLabel = "WHO",
      description = "Of this person: e-mail address or id; with privacy.key-file also by pseudonym")
  private @Nullable String person;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      split = ",",
      description = "With one of these: ${COMPLETION-CANDIDATES}")
  private List<Status> statuses = List.of();

  @Option(names = "--event", paramLabel = "ID", description = "Of the events with this id")
  private @Nullable String event;

  @Mixin private PeriodOption period = new PeriodOption();

  /** Whether it asks for something in particular, which is then looked for in what is there. */
  boolean isQuestion() {
    return person != null || event != null || period.isUntil();
  }

  /** Before which time nothing is asked for; null for none. */
  @Nullable Instant since(Clock clock) {
    return period.since(clock);
  }

  /** After which time nothing is asked for; null for none. */
  @Nullable Instant until(Clock clock) {
    return period.until(clock);
  }

  /**
   * The filter at work.
   *
   * @param pseudonyms asked only where a person or an event is
   */
  Matcher matcher(Clock clock, Supplier<Pseudonymizer> pseudonyms) {
    Pseudonymizer names = person == null && event == null ? Pseudonymizer.NONE : pseudonyms.get();
    return new Matcher(
        person == null
            ? Set.of()
            : new HashSet<>(List.of(People.comparable(person), names.person(person))),
        statuses.stream().map(Status::toString).collect(Collectors.toSet()),
        event == null ? Set.of() : new HashSet<>(List.of(event, names.text(event, List.of()))),
        since(clock),
        until(clock));
  }

  /** The values asked for; an empty set asks for any. */
  record Matcher(
      Set<String> people,
      Set<String> statuses,
      Set<String> events,
      @Nullable Instant since,
      @Nullable Instant until) {

    /**
     * Whether an outcome is asked for.
     *
     * @param recorded when it was published, for one that does not say when it was reached
     */
    boolean matches(ShownOutcome outcome, Instant recorded) {
      JsonNode json = outcome.json();
      Instant completed = outcome.completedAt();
      Instant at = completed == null ? recorded : completed;
      return (statuses.isEmpty() || statuses.contains(json.path("status").asText()))
          && (events.isEmpty() || events.contains(json.path("event").path("id").asText()))
          && (since == null || !at.isBefore(since))
          && (until == null || at.isBefore(until))
          && (people.isEmpty() || named(json).anyMatch(people::contains));
    }

    private static Stream<String> named(JsonNode json) {
      JsonNode subject = json.path("subject");
      Set<String> named =
          new HashSet<>(
              List.of(
                  People.comparable(subject.path("personId").asText()),
                  People.comparable(subject.path("personEmail").asText())));
      json.path("authorizations")
          .forEach(one -> named.add(People.comparable(one.path("personId").asText())));
      return named.stream();
    }
  }
}
