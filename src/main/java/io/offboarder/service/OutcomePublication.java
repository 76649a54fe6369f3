package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.OutcomeFormat;
import io.offboarder.stream.Result;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes an outcome's records: a CloudEvent in binary mode on the outcome topic and, where the input
 * was rejected or has finally failed, the input itself on the dead-letter topic.
 */
final class OutcomePublication {
  private final String outcomeTopic;
  private final String deadLetterTopic;
  private final OutcomeFormat format = new OutcomeFormat();

  OutcomePublication(String outcomeTopic, String deadLetterTopic) {
    this.outcomeTopic = outcomeTopic;
    this.deadLetterTopic = deadLetterTopic;
  }

  Result of(Outcome outcome, ConsumerRecord<byte[], byte[]> input) {
    ProducerRecord<byte[], byte[]> whole = outcome(outcome, input, format.toJson(outcome));
    if (!outcome.status().isDeadLetter()) {
      return new Result(
          List.of(whole),
          () -> Result.of(List.of(outcome(outcome, input, format.toShortJson(outcome)))));
    }
    DeadLetter letter = deadLetter(outcome, input);
    return new Result(
        List.of(whole, letter.toRecord(deadLetterTopic)),
        () ->
            Result.of(
                List.of(
                    outcome(outcome, input, format.toShortJson(outcome)),
                    letter.withoutValue(deadLetterTopic))));
  }

  private static DeadLetter deadLetter(Outcome outcome, ConsumerRecord<byte[], byte[]> input) {
    Problem problem = outcome.error();
    return new DeadLetter(
        input,
        outcome.status().toString(),
        problem == null ? "" : problem.code(),
        problem == null ? "" : problem.message());
  }

  private ProducerRecord<byte[], byte[]> outcome(
      Outcome outcome, ConsumerRecord<byte[], byte[]> input, byte[] json) {
    Headers headers = new RecordHeaders();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", outcome.id());
    add(headers, "ce_source", OutcomeFormat.SOURCE);
    add(headers, "ce_type", OutcomeFormat.TYPE);
    add(headers, "ce_time", outcome.completedAt().toString());
    add(headers, "content-type", "application/json");
    byte[] key = outcome.key() == null ? input.key() : outcome.key().getBytes(UTF_8);
    return new ProducerRecord<>(outcomeTopic, null, null, key, json, headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
