package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.chaos.Planned.Kind;
import io.offboarder.chaos.SandboxControl.Deletion;
import io.offboarder.chaos.SandboxControl.Grant;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Holds what the service has said and done against what it was asked and against the truth. */
final class Audit {
  private final List<Planned> planned;
  private final List<Instant> markersDropped;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, ConsumerRecord<byte[], byte[]>> inputs = new HashMap<>();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> outcomes = new HashMap<>();

  /** When the first outcome of a record was published, be it final or not. */
  private final Map<String, Long> firstOutcomes = new HashMap<>();

  private final Map<String, Integer> statuses = new TreeMap<>();
  private final List<JsonNode> interim = new ArrayList<>();
  private final Map<Integer, JsonNode> ends = new HashMap<>();
  private final Map<Integer, Instant> arrivals = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> attributed = new HashSet<>();
  private int losses;
  private int duplicates;
  private int torn;
  private int unattributed;
  private final List<Handled> handled = new ArrayList<>();
  private @Nullable DatedAudit dated;

  /**
   * An audit.
   *
   * @param markersDropped when the broker forgot to end a transaction everywhere
   */
  Audit(List<Planned> planned, List<Instant> markersDropped) {
    this.planned = planned;
    this.markersDropped = markersDropped;
  }

  /** What is wrong, one line each. */
  List<String> violations() {
    List<String> all = new ArrayList<>(violations);
    all.addAll(dated().violations());
    return all;
  }

  Map<String, Integer> statuses() {
    return statuses;
  }

  int losses() {
    return losses;
  }

  int duplicates() {
    return duplicates;
  }

  /** Second outcomes that the broker's dropping of a transaction's markers explains. */
  int torn() {
    return torn;
  }

  /**
   * Authorizations of terminated people that are deleted and that no outcome names, though a kill
   * came between the delete and its outcome: each is a violation.
   */
  int unattributed() {
    return unattributed;
  }

  /** How long events waited for their outcomes, in milliseconds, rising. */
  List<Long> waits() {
    return handled.stream().map(one -> one.outcomeAt() - one.publishedAt()).sorted().toList();
  }

  /**
   * How long it took from a kill until the outcomes of the events that had none when it came, in
   * milliseconds, rising; whichever instance had them, and whatever else went wrong.
   */
  List<Long> waitsFrom(List<Instant> kills) {
    return kills.stream()
        .mapToLong(Instant::toEpochMilli)
        .boxed()
        .flatMap(
            kill ->
                handled.stream()
                    .filter(one -> one.publishedAt() <= kill && kill < one.outcomeAt())
                    .map(one -> one.outcomeAt() - kill))
        .sorted()
        .toList();
  }

  /** An event that has its outcome, in milliseconds of the epoch. */
  private record Handled(long publishedAt, long outcomeAt) {}

  /** Every input record has one outcome, and it says what it may say. */
  void outcomes(
      List<ConsumerRecord<byte[], byte[]>> input, List<ConsumerRecord<byte[], byte[]>> output) {
    input.forEach(record -> inputs.put(position(record), record));
    for (ConsumerRecord<byte[], byte[]> record : output) {
      JsonNode outcome = Company.json(record.value());
      statuses.merge(outcome.path("status").asText(), 1, Integer::sum);
      List<String> faults = Schemas.faults(Schemas.OUTCOME, new String(record.value(), UTF_8));
      require(faults.isEmpty(), "against its schema " + faults, outcome);
      firstOutcomes.merge(position(outcome), record.timestamp(), Math::min);
      if (!outcome.path("final").asBoolean()) {
        boolean isFirst = ids.add(outcome.path("id").asText()) || !markersDropped.isEmpty();
        require(isFirst, "that is not final, twice", outcome);
        interim.add(outcome);
        continue;
      }
      String position = position(outcome);
      outcomes.computeIfAbsent(position, p -> new ArrayList<>()).add(record);
      require(inputs.containsKey(position), "for a record that was never published", outcome);
    }
    inputs.forEach(
        (position, record) -> {
          List<ConsumerRecord<byte[], byte[]>> found = outcomes.getOrDefault(position, List.of());
          Planned event = planned.get(Planned.numberIn(record.headers()));
          if (found.isEmpty()) {
            losses++;
            violations.add("lost: " + position + ", event " + event.number() + " " + event.kind());
          } else if (found.size() == 2
              && isTorn(firstOutcomes.get(position), found.get(1).timestamp())) {
            torn++;
          } else if (found.size() > 1) {
            duplicates += found.size() - 1;
            found.forEach(
                one ->
                    violations.add(
                        "twice: " + position + " at " + position(one) + " " + text(one.value())));
          }
          arrivals.put(event.number(), Instant.ofEpochMilli(record.timestamp()));
          for (ConsumerRecord<byte[], byte[]> one : found) {
            JsonNode outcome = Company.json(one.value());
            ends.put(event.number(), outcome);
            if (event.kind() != Kind.RESCIND && event.kind() != Kind.TAKEN_BACK) {
              long due = event.due() == null ? 0 : event.due().toEpochMilli();
              handled.add(new Handled(Math.max(due, record.timestamp()), one.timestamp()));
            }
            status(event, outcome);
          }
        });
    dated = new DatedAudit(planned, ends, arrivals, subjects(Kind.DECOMMISSION), markersDropped);
    dated.looks(planned, interim);
  }

  /** What became of those who leave at a time that was announced. */
  DatedAudit dated() {
    return Objects.requireNonNull(dated);
  }

  /** Whether a transaction between these two may have reached the outcomes and not the offsets. */
  private boolean isTorn(long first, long last) {
    return markersDropped.stream()
        .mapToLong(Instant::toEpochMilli)
        .anyMatch(dropped -> first <= dropped && dropped <= last);
  }

  private void status(Planned event, JsonNode outcome) {
    String status = outcome.path("status").asText();
    Set<String> allowed =
        switch (event.kind()) {
          case TERMINATION, SCHEDULED -> Set.of("revoked", "nothing_to_revoke");
          case TAKEN_BACK -> Set.of("cancelled", "revoked", "nothing_to_revoke");
          case RESCIND -> Set.of("rescinded", "nothing_to_rescind");
          // Between two bouts of faults the sandbox forgets for an instant whom to refuse.
          case REFUSED -> Set.of("failed", "revoked", "nothing_to_revoke", "partially_revoked");
          case UNKNOWN -> Set.of("subject_not_found");
          case DECOMMISSION -> Set.of("accepted");
          case MALFORMED -> Set.of("rejected");
        };
    require(
        allowed.contains(status), "for a " + event.kind() + " event " + event.number(), outcome);
    JsonNode remaining = outcome.path("verification").path("remaining");
    if (event.kind() == Kind.DECOMMISSION) {
      require(outcome.path("verification").isNull(), "verified without a list", outcome);
    } else if (status.equals("revoked") || status.equals("nothing_to_revoke")) {
      require(remaining.isInt() && remaining.asInt() == 0, "not verified", outcome);
    }
    JsonNode authorizations = outcome.path("authorizations");
    if (status.equals("nothing_to_revoke")) {
      require(authorizations.isEmpty(), "with authorizations", outcome);
    } else if (status.equals("revoked")) {
      require(!authorizations.isEmpty(), "without authorizations", outcome);
    }
  }

  /** What was to go is gone, nothing else is, and no outcome says more than that. */
  void truth(List<Grant> seeded, List<Grant> live, List<Deletion> deletions, Set<String> foreign) {
    dated().truth(deletions);
    Set<String> people = new HashSet<>(subjects(Kind.TERMINATION));
    people.addAll(dated().left());
    Set<String> refused = subjects(Kind.REFUSED);
    Set<String> apps = subjects(Kind.DECOMMISSION);
    Set<String> liveIds = live.stream().map(Grant::id).collect(Collectors.toSet());
    Set<String> deletedIds =
        deletions.stream().map(one -> one.grant().id()).collect(Collectors.toSet());
    if (deletedIds.size() < deletions.size()) {
      violations.add("authorizations were deleted twice");
    }
    for (Grant grant : seeded) {
      boolean isForeign = foreign.contains(grant.personId());
      boolean named =
          people.contains(grant.personId()) || (!isForeign && apps.contains(grant.clientId()));
      boolean isLive = liveIds.contains(grant.id());
      if (named && isLive) {
        violations.add("still live: " + grant);
      } else if (!named && !isLive && !refused.contains(grant.personId())) {
        violations.add("a bystander's, gone: " + grant);
      }
      if (isLive == deletedIds.contains(grant.id())) {
        violations.add("both or neither live and deleted: " + grant);
      }
    }
    Map<String, Grant> byId =
        seeded.stream().collect(Collectors.toMap(Grant::id, Function.identity()));
    for (List<ConsumerRecord<byte[], byte[]>> records : outcomes.values()) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        claims(Company.json(record.value()), byId, deletedIds);
      }
    }
    List<Grant> unnamed =
        seeded.stream()
            .filter(grant -> people.contains(grant.personId()))
            .filter(grant -> !apps.contains(grant.clientId()))
            .filter(grant -> !attributed.contains(grant.id()))
            .toList();
    unnamed.forEach(grant -> violations.add("deleted, named in no outcome: " + grant));
    unattributed = unnamed.size();
  }

  private void claims(JsonNode outcome, Map<String, Grant> seeded, Set<String> deleted) {
    String position = position(outcome);
    Planned event =
        inputs.containsKey(position)
            ? planned.get(Planned.numberIn(inputs.get(position).headers()))
            : null;
    for (JsonNode one : outcome.path("authorizations")) {
      Grant grant = seeded.get(one.path("id").asText());
      if (grant == null || (event != null && !grant.personId().equals(event.subject()))) {
        violations.add("about another's authorization: " + outcome);
        continue;
      }
      if (!one.path("result").asText().equals("failed")) {
        attributed.add(grant.id());
        if (!deleted.contains(grant.id())) {
          violations.add("calls gone what was never deleted: " + grant + " " + outcome);
        }
      }
    }
  }

  /** Exactly what was rejected or failed is kept, as it came. */
  void deadLetters(List<ConsumerRecord<byte[], byte[]>> letters) {
    Map<String, ConsumerRecord<byte[], byte[]>> kept = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      String position =
          position(header(letter, "topic"), header(letter, "partition"), header(letter, "offset"));
      ConsumerRecord<byte[], byte[]> before = kept.put(position, letter);
      if (before != null && !isTorn(before.timestamp(), letter.timestamp())) {
        violations.add("kept twice: " + position);
      }
      ConsumerRecord<byte[], byte[]> input = inputs.get(position);
      if (input == null || !isUnchanged(input, letter)) {
        violations.add("kept, but not as it came: " + position);
      }
    }
    outcomes.forEach(
        (position, records) -> {
          String status = Company.json(records.get(0).value()).path("status").asText();
          boolean expected = Set.of("rejected", "failed", "subject_not_found").contains(status);
          if (expected != kept.containsKey(position)) {
            violations.add(
                (expected ? "not kept: " : "kept, though nothing was wrong: ")
                    + position
                    + " "
                    + status);
          } else if (expected && !header(kept.get(position), "status").equals(status)) {
            violations.add("kept as something else than " + status + ": " + position);
          }
        });
  }

  private static boolean isUnchanged(
      ConsumerRecord<byte[], byte[]> input, ConsumerRecord<byte[], byte[]> letter) {
    Header[] before = input.headers().toArray();
    Header[] after = letter.headers().toArray();
    return Arrays.equals(input.key(), letter.key())
        && Arrays.equals(input.value(), letter.value())
        && after.length >= before.length
        && Arrays.equals(before, Arrays.copyOf(after, before.length));
  }

  private Set<String> subjects(Kind kind) {
    return planned.stream()
        .filter(event -> event.kind() == kind)
        .map(Planned::subject)
        .collect(Collectors.toSet());
  }

  private void require(boolean holds, String otherwise, JsonNode outcome) {
    if (!holds) {
      violations.add("an outcome " + otherwise + ": " + outcome);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Headers headers = letter.headers();
    return new String(headers.lastHeader("__offboarder.errors." + name).value(), UTF_8);
  }

  private static String position(JsonNode outcome) {
    JsonNode event = outcome.path("event");
    return position(
        event.path("topic").asText(),
        event.path("partition").asText(),
        event.path("offset").asText());
  }

  private static String position(ConsumerRecord<byte[], byte[]> record) {
    return position(
        record.topic(), Integer.toString(record.partition()), Long.toString(record.offset()));
  }

  private static String position(String topic, String partition, String offset) {
    return topic + "-" + partition + "@" + offset;
  }

  private static String text(byte[] json) {
    return new String(json, UTF_8);
  }
}
