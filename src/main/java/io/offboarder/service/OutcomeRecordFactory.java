package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeFormat;
import io.offboarder.stream.Result;
import io.offboarder.stream.ResultWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes an outcome's records: a CloudEvent in binary mode on the outcome topic and, where the input
 * was rejected or has finally failed, the input itself on the dead-letter topic.
 */
final class OutcomeRecordFactory {
  private static final List<Header> SAME_FOR_ALL =
      List.of(
          header("ce_specversion", "1.0"),
          header("ce_source", OutcomeFormat.SOURCE),
          header("ce_type", OutcomeFormat.TYPE),
          header("content-type", "application/json"));

  /** One of the forms of a record, from the whole one to the shortest. */
  private interface Form {
    ProducerRecord<byte[], byte[]> write();
  }

  private final String outcomeTopic;
  private final String deadLetterTopic;
  private final Set<Status> deadLetters;
  private final Pseudonymizer names;
  private final OutcomeFormat format = new OutcomeFormat();

  /**
   * A publication to these topics.
   *
   * @param deadLetters the ends after which the input is kept
   * @param names how outcomes name people; dead letters hold what came, unchanged
   */
  OutcomeRecordFactory(
      String outcomeTopic, String deadLetterTopic, Set<Status> deadLetters, Pseudonymizer names) {
    this.outcomeTopic = outcomeTopic;
    this.deadLetterTopic = deadLetterTopic;
    this.deadLetters = Set.copyOf(deadLetters);
    this.names = names;
  }

  /** Whether the outcome's input is kept on the dead-letter topic. */
  boolean isDeadLetter(Outcome outcome) {
    return deadLetters.contains(outcome.status());
  }

  /** The records, and shorter forms of them for topics that refuse the first as too large. */
  Result of(Outcome ended, ConsumerRecord<byte[], byte[]> input, EventTrace trace) {
    Outcome outcome = new OutcomeRedactor(names).outcome(ended);
    byte[] key = outcome.key() == null ? inputKey(input) : outcome.key().getBytes(UTF_8);
    byte[] ownKey = outcome.key() == null ? null : outcome.key().getBytes(UTF_8);
    List<Form> outcomes =
        List.of(
            () -> record(outcome, key, format.toJson(outcome), trace),
            () -> record(outcome, key, format.toShortJson(outcome), trace),
            () -> record(outcome, ownKey, format.toShortestJson(outcome), trace));
    DeadLetter letter = deadLetter(outcome, input);
    List<Form> letters =
        List.of(
            () -> letter.toRecord(deadLetterTopic),
            () -> letter.withoutValue(deadLetterTopic),
            () -> letter.withoutContents(deadLetterTopic));
    return result(outcomes, isDeadLetter(outcome) ? letters : List.of());
  }

  /** Both in their first form, and what is published instead if Kafka refuses one as too large. */
  private static Result result(List<Form> outcomes, List<Form> letters) {
    ProducerRecord<byte[], byte[]> outcome = outcomes.get(0).write();
    if (letters.isEmpty()) {
      return new Result(
          List.of(outcome), outcomes.size() == 1 ? null : () -> result(rest(outcomes), letters));
    }
    ProducerRecord<byte[], byte[]> letter = letters.get(0).write();
    List<ProducerRecord<byte[], byte[]>> records = List.of(outcome, letter);
    // The longer one will have been refused: the outcome of somebody who hoards authorizations,
    // or the letter of a large event.
    boolean letterIsLonger = outcomes.size() == 1 || size(letter) > size(outcome);
    if (letters.size() > 1 && letterIsLonger) {
      return new Result(records, () -> result(outcomes, rest(letters)));
    }
    return new Result(records, outcomes.size() == 1 ? null : () -> result(rest(outcomes), letters));
  }

  private static List<Form> rest(List<Form> forms) {
    return forms.subList(1, forms.size());
  }

  private static long size(ProducerRecord<byte[], byte[]> record) {
    long size = length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      size += header.key().length() + length(header.value());
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /**
   * The results of one record's events as one: the input is kept once, however many of its events
   * have failed.
   */
  Result joined(List<Result> results) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    boolean kept = false;
    for (Result result : results) {
      for (ProducerRecord<byte[], byte[]> record : result.records()) {
        boolean isDeadLetter = record.topic().equals(deadLetterTopic);
        if (!isDeadLetter || !kept) {
          records.add(record);
        }
        kept |= isDeadLetter;
      }
    }
    return new Result(
        records,
        results.stream().allMatch(result -> result.shortened() == null)
            ? null
            : () -> joined(results.stream().map(OutcomeRecordFactory::shortened).toList()));
  }

  private static Result shortened(Result result) {
    ResultWriter shorter = result.shortened();
    return shorter == null ? result : shorter.write();
  }

  /** Nobody knows what a key names whose event was not understood: perhaps a person. */
  private byte @Nullable [] inputKey(ConsumerRecord<byte[], byte[]> input) {
    return input.key() == null || names.isNone()
        ? input.key()
        : names.person(new String(input.key(), UTF_8)).getBytes(UTF_8);
  }

  private static DeadLetter deadLetter(Outcome outcome, ConsumerRecord<byte[], byte[]> input) {
    Problem problem = outcome.error();
    return new DeadLetter(
        input,
        outcome.status().toString(),
        problem == null ? "" : problem.code(),
        problem == null ? "" : problem.message());
  }

  private ProducerRecord<byte[], byte[]> record(
      Outcome outcome, byte @Nullable [] key, byte[] json, EventTrace trace) {
    Headers headers = new RecordHeaders(SAME_FOR_ALL);
    add(headers, "ce_id", outcome.id());
    add(headers, "ce_time", outcome.completedAt().toString());
    trace.headers().forEach((name, value) -> add(headers, name, value));
    return new ProducerRecord<>(outcomeTopic, null, null, key, json, headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(header(name, value));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
