package io.offboarder.service;

import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Malformed;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.Origin;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.RevocationFlow;
import io.offboarder.service.ServiceListener.EventKind;
import io.offboarder.stream.RecordProcessor;
import io.offboarder.stream.Result;
import io.offboarder.stream.Work;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes work of a record. Decodes on the Kafka thread, because the engine must know whom a record
 * is about before it may start; revokes on the event loop.
 */
final class OffboardingProcessor implements RecordProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(OffboardingProcessor.class);

  private final EventDecoder decoder;
  private final RevocationFlow flow;
  private final OutcomePublication publication;
  private final Privacy privacy;
  private final Confidential logged;
  private final Clock clock;
  private final ServiceListener listener;

  OffboardingProcessor(
      EventDecoder decoder,
      RevocationFlow flow,
      OutcomePublication publication,
      Privacy privacy,
      Clock clock,
      ServiceListener listener) {
    this.decoder = decoder;
    this.flow = flow;
    this.publication = publication;
    this.privacy = privacy;
    this.logged = new Confidential(privacy.logs());
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public Work prepare(ConsumerRecord<byte[], byte[]> record) {
    Origin origin =
        new Origin(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            clock.instant());
    Decoded decoded = decoder.decode(record.headers(), record.value());
    if (decoded instanceof Understood understood) {
      return new Revoke(understood.event(), origin, record);
    }
    Malformed malformed = (Malformed) decoded;
    return new Reject(privacy.isAsked() ? malformed.withoutInput() : malformed, origin, record);
  }

  /** An event that was understood. */
  private final class Revoke implements Work {
    private final OffboardingEvent event;
    private final Origin origin;
    private final ConsumerRecord<byte[], byte[]> record;
    private final EventLog log;

    Revoke(OffboardingEvent event, Origin origin, ConsumerRecord<byte[], byte[]> record) {
      this.event = event;
      this.origin = origin;
      this.record = record;
      this.log = logged.log(event);
    }

    @Override
    public String subject() {
      return event.key();
    }

    @Override
    public Future<Result> start() {
      EventKind kind =
          event instanceof UserTerminated
              ? EventKind.USER_TERMINATED
              : EventKind.APP_DECOMMISSIONED;
      return flow.revoke(event, origin, log).map(outcome -> result(kind, outcome, log, record));
    }
  }

  /** A record that was not. */
  private final class Reject implements Work {
    private final Malformed malformed;
    private final Origin origin;
    private final ConsumerRecord<byte[], byte[]> record;

    Reject(Malformed malformed, Origin origin, ConsumerRecord<byte[], byte[]> record) {
      this.malformed = malformed;
      this.origin = origin;
      this.record = record;
    }

    @Override
    public @Nullable String subject() {
      return null;
    }

    @Override
    public Future<Result> start() {
      Outcome outcome = Outcome.rejected(malformed, origin, clock.instant());
      return Future.succeededFuture(
          result(EventKind.UNKNOWN, outcome, logged.log(malformed), record));
    }
  }

  private Result result(
      EventKind kind, Outcome outcome, EventLog log, ConsumerRecord<byte[], byte[]> record) {
    listener.ended(kind, outcome);
    Outcome.Problem problem = outcome.error();
    log.at(LOG, Level.INFO).log(
        "Event {} about {} from {}-{}@{}: {}{}, {} authorizations, {} requests",
        Objects.requireNonNullElse(log.event(), "without an id"),
        Objects.requireNonNullElse(log.subject(), "nobody known"),
        record.topic(),
        record.partition(),
        record.offset(),
        outcome.status(),
        problem == null ? "" : " (" + logged.words(problem, outcome) + ")",
        outcome.authorizations().size(),
        outcome.api().requests());
    return publication.of(outcome, record);
  }
}
