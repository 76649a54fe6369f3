package io.offboarder.service;

import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.revocation.RevocationFlow;
import io.offboarder.stream.RecordProcessor;
import io.offboarder.stream.RecordWork;
import io.offboarder.stream.ResultWriter;
import io.offboarder.webex.gate.Cancellation;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.BooleanSupplier;
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
  private final ActionPolicy policy;
  private final RevocationFlow flow;
  private final OutcomeRecordFactory outcomeRecords;
  private final Privacy privacy;
  private final OutcomeRedactor logged;
  private final Clock clock;
  private final ServiceListener listener;
  private final EventTracing tracing;

  OffboardingProcessor(
      EventDecoder decoder,
      ActionPolicy policy,
      RevocationFlow flow,
      OutcomeRecordFactory outcomeRecords,
      Privacy privacy,
      Clock clock,
      ServiceListener listener,
      EventTracing tracing) {
    this.decoder = decoder;
    this.policy = policy;
    this.flow = flow;
    this.outcomeRecords = outcomeRecords;
    this.privacy = privacy;
    this.logged = new OutcomeRedactor(privacy.logs());
    this.clock = clock;
    this.listener = listener;
    this.tracing = tracing;
  }

  @Override
  public RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates coordinates =
        new RecordCoordinates(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            clock.instant());
    Decoded decoded = decoder.decode(record.headers(), record.value());
    return decoded instanceof Understood understood
        ? revocation(understood.event(), record, coordinates)
        : rejection((Rejected) decoded, record, coordinates);
  }

  private RecordWork revocation(
      OffboardingEvent event,
      ConsumerRecord<byte[], byte[]> record,
      RecordCoordinates coordinates) {
    EventTrace trace = tracing.begin(event.type(), event.attributes().trace(), coordinates);
    EventLog log = logged.log(event, trace);
    return new Revoke(event, new ReceivedEvent(record, coordinates, event.type(), trace, log));
  }

  private RecordWork rejection(
      Rejected rejected, ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    EventTrace trace = tracing.begin(null, rejected.attributes().trace(), coordinates);
    EventLog log = logged.log(rejected, trace);
    return new Reject(
        privacy.isAsked() ? rejected.withoutInput() : rejected,
        new ReceivedEvent(record, coordinates, null, trace, log));
  }

  /** A record that was taken in, and how it is spoken of. */
  private record ReceivedEvent(
      ConsumerRecord<byte[], byte[]> record,
      RecordCoordinates coordinates,
      @Nullable EventType type,
      EventTrace trace,
      EventLog log) {

    EventContext context(BooleanSupplier wanted) {
      return new EventContext(
          coordinates, log, trace, Cancellation.when(() -> !wanted.getAsBoolean()));
    }
  }

  /** An event that was understood. */
  private final class Revoke implements RecordWork {
    private final OffboardingEvent event;
    private final ReceivedEvent received;

    Revoke(OffboardingEvent event, ReceivedEvent received) {
      this.event = event;
      this.received = received;
    }

    @Override
    public String subject() {
      return event.key();
    }

    @Override
    public Future<ResultWriter> start(BooleanSupplier wanted) {
      Decision decision = policy.decide(event, clock.instant());
      Future<Outcome> outcome =
          decision instanceof Refuse refuse
              ? Future.succeededFuture(refused(refuse))
              : flow.revoke(event, received.context(wanted));
      return outcome.map(done -> ended(done, received));
    }

    private Outcome refused(Refuse refuse) {
      return Outcome.of(event, received.coordinates())
          .error(refuse.error())
          .build(Status.REJECTED, clock.instant());
    }
  }

  /** A record that was not. */
  private final class Reject implements RecordWork {
    private final Rejected rejected;
    private final ReceivedEvent received;

    Reject(Rejected rejected, ReceivedEvent received) {
      this.rejected = rejected;
      this.received = received;
    }

    @Override
    public @Nullable String subject() {
      return null;
    }

    @Override
    public Future<ResultWriter> start(BooleanSupplier wanted) {
      return Future.succeededFuture(
          ended(Outcome.rejected(rejected, received.coordinates(), clock.instant()), received));
    }
  }

  private ResultWriter ended(Outcome outcome, ReceivedEvent received) {
    listener.ended(received.type(), outcome);
    received.trace().ended(outcome);
    ConsumerRecord<byte[], byte[]> record = received.record();
    Outcome.Problem problem = outcome.error();
    received
        .log()
        .line(
            LOG,
            outcome.status().needsAttention() ? Level.WARN : Level.INFO,
            "{}{}; authorizations: {}, requests: {}, came as {}-{}@{}",
            outcome.status(),
            problem == null ? "" : " (" + logged.describe(problem, outcome) + ")",
            outcome.authorizations().size(),
            outcome.api().requests(),
            record.topic(),
            record.partition(),
            record.offset());
    return () -> outcomeRecords.of(outcome, record, received.trace());
  }
}
