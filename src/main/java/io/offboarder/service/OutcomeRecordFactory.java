package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeFormat;
import io.offboarder.stream.Result;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
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

  /** The records, and two shorter forms of them for topics that refuse the first as too large. */
  Result of(Outcome ended, ConsumerRecord<byte[], byte[]> input, EventTrace trace) {
    Outcome outcome = new OutcomeRedactor(names).outcome(ended);
    byte[] key = outcome.key() == null ? inputKey(input) : outcome.key().getBytes(UTF_8);
    List<ProducerRecord<byte[], byte[]>> whole =
        records(
            record(outcome, key, format.toJson(outcome), trace),
            outcome,
            input,
            DeadLetter::toRecord);
    return new Result(whole, () -> shorter(outcome, key, input, trace));
  }

  /** Nobody knows what a key names whose event was not understood: perhaps a person. */
  private byte @Nullable [] inputKey(ConsumerRecord<byte[], byte[]> input) {
    return input.key() == null || names.isNone()
        ? input.key()
        : names.person(new String(input.key(), UTF_8)).getBytes(UTF_8);
  }

  private Result shorter(
      Outcome outcome,
      byte @Nullable [] key,
      ConsumerRecord<byte[], byte[]> input,
      EventTrace trace) {
    List<ProducerRecord<byte[], byte[]>> shorter =
        records(
            record(outcome, key, format.toShortJson(outcome), trace),
            outcome,
            input,
            DeadLetter::withoutValue);
    return new Result(shorter, () -> shortest(outcome, input, trace));
  }

  private Result shortest(Outcome outcome, ConsumerRecord<byte[], byte[]> input, EventTrace trace) {
    byte[] key = outcome.key() == null ? null : outcome.key().getBytes(UTF_8);
    return Result.of(
        records(
            record(outcome, key, format.toShortestJson(outcome), trace),
            outcome,
            input,
            DeadLetter::withoutContents));
  }

  private List<ProducerRecord<byte[], byte[]>> records(
      ProducerRecord<byte[], byte[]> record,
      Outcome outcome,
      ConsumerRecord<byte[], byte[]> input,
      BiFunction<DeadLetter, String, ProducerRecord<byte[], byte[]>> form) {
    return isDeadLetter(outcome)
        ? List.of(record, form.apply(deadLetter(outcome, input), deadLetterTopic))
        : List.of(record);
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
