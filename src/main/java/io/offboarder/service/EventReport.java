package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.stream.ResultWriter;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says what became of an event: to the log, to the metrics, and in the records of its outcome. */
record EventReport(
    OutcomeRecordFactory outcomeRecords, OutcomeRedactor logged, ServiceListener listener) {
  private static final Logger LOG = LoggerFactory.getLogger(EventReport.class);

  /**
   * Says so.
   *
   * @param waiting what is published in the same transaction of what waits, or waits no more
   */
  ResultWriter of(
      Outcome outcome, ReceivedEvent received, List<ProducerRecord<byte[], byte[]>> waiting) {
    EventType type = received.type();
    if (outcome.status().isFinal()) {
      listener.ended(type, outcome);
      if (outcomeRecords.isDeadLetter(outcome)) {
        listener.deadLettered(outcome.status());
      }
    } else if (type != null) {
      listener.told(type, outcome);
    }
    received.trace().ended(outcome);
    write(outcome, received);
    return () -> outcomeRecords.of(outcome, received.record(), received.trace()).with(waiting);
  }

  private void write(Outcome outcome, ReceivedEvent received) {
    ConsumerRecord<byte[], byte[]> record = received.record();
    Problem problem = outcome.error();
    received
        .log()
        .line(
            LOG,
            outcome.needsAttention() ? Level.WARN : Level.INFO,
            "{}{}; authorizations: {}, requests: {}, came as {}-{}@{}",
            outcome.status(),
            problem == null ? "" : " (" + logged.describe(problem, outcome) + ")",
            outcome.authorizations().size(),
            outcome.api().requests(),
            record.topic(),
            record.partition(),
            record.offset());
  }
}
