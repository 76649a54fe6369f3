package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.OldestFirst;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.service.DeadLetterHeaders;
import io.offboarder.service.ReplayHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that are to be published again, oldest first. Reads committed records only, and
 * no more than one beyond the most that may be published.
 *
 * @param inputTopics where records may go: what a dead letter says of itself could be forged
 * @param since from which time on what names them was written; null for all
 * @param until before which time; null for all
 * @param max how many may be published
 */
record ReplaySource(
    KafkaSettings kafka,
    List<String> inputTopics,
    @Nullable Instant since,
    @Nullable Instant until,
    int max) {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Where an event was read first. */
  private record Origin(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + " " + partition + ":" + offset;
    }
  }

  /**
   * A record to publish again.
   *
   * @param topic where it came from, and goes to
   * @param origin its place there, for people
   * @param timestamp when what names it was written
   * @param why what became of it, for people
   * @param missing why it cannot be published; null if it can
   */
  record Replayed(
      String topic,
      String origin,
      Instant timestamp,
      String firstCase,
      String why,
      ProducerRecord<byte[], byte[]> record,
      @Nullable String missing) {

    Replayed without(String reason) {
      return new Replayed(topic, origin, timestamp, firstCase, why, record, reason);
    }
  }

  /** All records of an input topic. */
  List<Replayed> topic(String topic) {
    List<Replayed> found = new ArrayList<>();
    read(
        topic,
        entry -> {
          Origin origin = new Origin(topic, entry.partition(), entry.offset());
          found.add(replayed(origin, entry.timestamp(), caseOf(origin, entry), "", entry));
          return found.size() <= max;
        });
    return found;
  }

  /** The records that dead letters hold; where a letter does not hold all, the input topic does. */
  List<Replayed> deadLetters(String topic) {
    List<Replayed> found = new ArrayList<>();
    Map<Origin, Integer> dropped = new HashMap<>();
    read(
        topic,
        letter -> {
          Map<String, String> said = DeadLetterHeaders.read(letter.headers());
          Optional<Origin> origin = origin(said);
          if (origin.isPresent()) {
            if (said.containsKey("value-dropped")) {
              dropped.put(origin.get(), found.size());
            }
            Entry input =
                new Entry(
                    origin.get().partition(),
                    origin.get().offset(),
                    time(said, letter.timestamp()),
                    letter.key(),
                    letter.value(),
                    DeadLetterHeaders.original(letter.headers()));
            String why = said.getOrDefault("status", "") + " " + said.getOrDefault("code", "");
            Replayed one =
                replayed(origin.get(), letter.timestamp(), caseOf(origin.get(), input), why, input);
            found.add(
                said.containsKey("incomplete") ? one.without("it is too large to be read") : one);
          }
          return found.size() <= max;
        });
    if (found.size() <= max) {
      Map<Origin, Entry> inputs = inputs(dropped.keySet());
      dropped.forEach(
          (origin, index) -> found.set(index, completed(found.get(index), origin, inputs)));
    }
    return found;
  }

  /** The input of outcomes with one of these ends. */
  List<Replayed> outcomes(String topic, Set<Status> statuses) {
    Set<String> words = statuses.stream().map(Status::toString).collect(Collectors.toSet());
    Map<Origin, Replayed> found = new LinkedHashMap<>();
    read(
        topic,
        entry -> {
          JsonNode outcome = json(entry);
          JsonNode event = outcome.path("event");
          if (words.contains(outcome.path("status").asText()) && event.hasNonNull("topic")) {
            Origin origin =
                new Origin(
                    event.path("topic").asText(),
                    event.path("partition").asInt(),
                    event.path("offset").asLong());
            String caseId = outcome.path("caseId").asText(outcome.path("id").asText());
            found.putIfAbsent(
                origin,
                replayed(
                    origin,
                    entry.timestamp(),
                    caseId,
                    outcome.path("status").asText(),
                    new Entry(0, 0, entry.timestamp(), null, null, new RecordHeaders())));
          }
          return found.size() <= max;
        });
    if (found.size() > max) {
      return List.copyOf(found.values());
    }
    Map<Origin, Entry> inputs =
        inputs(
            found.keySet().stream()
                .filter(origin -> inputTopics.contains(origin.topic()))
                .collect(Collectors.toSet()));
    found.replaceAll((origin, one) -> completed(one, origin, inputs));
    return List.copyOf(found.values());
  }

  private Replayed completed(Replayed one, Origin origin, Map<Origin, Entry> inputs) {
    if (one.missing() != null) {
      return one;
    }
    Entry input = inputs.get(origin);
    return input == null
        ? one.without("the input topic no longer has it")
        : replayed(origin, one.timestamp(), one.firstCase(), one.why(), input);
  }

  private Replayed replayed(
      Origin origin, Instant timestamp, String caseId, String why, Entry input) {
    String firstCase = ReplayHeaders.firstCase(input.headers(), caseId);
    Headers headers = new RecordHeaders(input.headers().toArray());
    ReplayHeaders.add(headers, firstCase, input.timestamp());
    return new Replayed(
        origin.topic(),
        origin.toString(),
        timestamp,
        firstCase,
        why,
        new ProducerRecord<>(origin.topic(), null, null, input.key(), input.value(), headers),
        inputTopics.contains(origin.topic())
            ? null
            : "its topic is no input topic of these settings");
  }

  private static String caseOf(Origin origin, Entry input) {
    return new RecordCoordinates(
            origin.topic(),
            origin.partition(),
            origin.offset(),
            input.timestamp().toEpochMilli(),
            input.timestamp())
        .caseId();
  }

  private static Optional<Origin> origin(Map<String, String> said) {
    try {
      return said.containsKey("topic")
          ? Optional.of(
              new Origin(
                  said.get("topic"),
                  Integer.parseInt(said.getOrDefault("partition", "")),
                  Long.parseLong(said.getOrDefault("offset", ""))))
          : Optional.empty();
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  private static Instant time(Map<String, String> said, Instant otherwise) {
    try {
      return Instant.ofEpochMilli(Long.parseLong(said.getOrDefault("timestamp", "")));
    } catch (NumberFormatException notOurs) {
      return otherwise;
    }
  }

  private static JsonNode json(Entry entry) {
    try {
      return MAPPER.readTree(entry.text());
    } catch (JsonProcessingException notAnOutcome) {
      return MAPPER.missingNode();
    }
  }

  /** Reads what the topic holds within the times, until there is no more or it was enough. */
  private void read(String topic, Predicate<Entry> more) {
    Start start = since == null ? new Start.Beginning() : new Start.Since(since);
    try (CommittedRecordReader reader = CommittedRecordReader.open(kafka, topic, start)) {
      OldestFirst records = new OldestFirst(reader);
      do {
        for (Entry entry : records.poll(POLL)) {
          boolean asked = until == null || entry.timestamp().isBefore(until);
          if (asked && !more.test(entry)) {
            return;
          }
        }
      } while (!records.isPastTheEnd());
    }
  }

  /** The records at these places, as far as their topics still have them. */
  private Map<Origin, Entry> inputs(Set<Origin> origins) {
    Map<Origin, Entry> found = new HashMap<>();
    origins.stream()
        .collect(Collectors.groupingBy(Origin::topic, Collectors.toSet()))
        .forEach((topic, places) -> readInputs(topic, places, found));
    return found;
  }

  private void readInputs(String topic, Set<Origin> places, Map<Origin, Entry> found) {
    Map<Integer, Long> first =
        places.stream()
            .collect(
                Collectors.toMap(
                    Origin::partition, Origin::offset, (one, two) -> Math.min(one, two)));
    int wanted = found.size() + places.size();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(kafka, topic, new Start.Offsets(first))) {
      do {
        for (Entry entry : reader.poll(POLL)) {
          Origin origin = new Origin(topic, entry.partition(), entry.offset());
          if (places.contains(origin)) {
            found.put(origin, entry);
          }
        }
      } while (found.size() < wanted && !reader.isPastTheEnd());
    } catch (KafkaFailure e) {
      if (e.kind() != KafkaFailure.Kind.TOPIC_MISSING) {
        throw e;
      }
    }
  }
}
