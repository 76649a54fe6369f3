package io.offboarder.service;

import io.offboarder.event.DecodeError;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.EventType;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Intake;
import io.offboarder.intake.Reading;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.policy.Decision.Skip;
import io.offboarder.protection.Untouched;
import io.offboarder.revocation.EventContext;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.OutcomeBuilder;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.revocation.RevocationFlow;
import io.offboarder.stream.IncompleteRecord;
import io.offboarder.stream.RecordProcessor;
import io.offboarder.stream.RecordWork;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.offboarder.webex.gate.Cancellation;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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
  private final Intake intake;
  private final ActionPolicy policy;
  private final Safeguards safeguards;
  private final RevocationFlow flow;
  private final OutcomeRecordFactory outcomeRecords;
  private final Privacy privacy;
  private final OutcomeRedactor logged;
  private final Clock clock;
  private final ServiceListener listener;
  private final EventTracing tracing;
  private final SignedEvents signatures;

  OffboardingProcessor(
      EventDecoder decoder,
      Intake intake,
      ActionPolicy policy,
      Safeguards safeguards,
      RevocationFlow flow,
      OutcomeRecordFactory outcomeRecords,
      Privacy privacy,
      Clock clock,
      ServiceListener listener,
      EventTracing tracing,
      SignedEvents signatures) {
    this.decoder = decoder;
    this.intake = intake;
    this.policy = policy;
    this.safeguards = safeguards;
    this.flow = flow;
    this.outcomeRecords = outcomeRecords;
    this.privacy = privacy;
    this.logged = new OutcomeRedactor(privacy.logs());
    this.clock = clock;
    this.listener = listener;
    this.tracing = tracing;
    this.signatures = signatures;
  }

  @Override
  public RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates coordinates = coordinates(record);
    return intake.isEmpty()
        ? work(decoder.decode(record.headers(), record.value()), record, coordinates)
        : byRules(record, coordinates);
  }

  /** What the rules make of the record; an event of ours needs none. */
  private RecordWork byRules(ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    Reading reading = intake.read(InputRecord.of(record));
    if (reading instanceof Unmatched unmatched) {
      Decoded decoded = decoder.decode(record.headers(), record.value());
      return work(unmatched.describe(decoded), record, coordinates);
    }
    List<RecordWork> cases = new ArrayList<>();
    for (Item item : ((Matched) reading).items()) {
      if (item instanceof Case one) {
        cases.add(work(one.decoded(), record, coordinates.at(one.index())));
      } else {
        listener.ignored(item.rule());
      }
    }
    return new BatchWork(cases, outcomeRecords::joined);
  }

  private RecordWork work(
      Decoded decoded, ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    return decoded instanceof Understood understood
        ? revocation(understood.event(), record, coordinates)
        : rejection((Rejected) decoded, record, coordinates);
  }

  @Override
  public RecordWork setAside(IncompleteRecord record) {
    return rejection(Rejected.tooLarge(record.reason()), record, coordinates(record));
  }

  private RecordCoordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
    return new RecordCoordinates(
        record.topic(), record.partition(), record.offset(), record.timestamp(), clock.instant());
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

    EventContext context(WorkContext attempt, Untouched untouched) {
      return new EventContext(
          coordinates, log, trace, Cancellation.when(() -> !attempt.isWanted()), untouched);
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
    public Future<ResultWriter> start(WorkContext context) {
      if (!signatures.areRequired(received.record())) {
        return act(context);
      }
      return signatures
          .fault(received.record(), event)
          .compose(fault -> fault.map(this::refuse).orElseGet(() -> act(context)));
    }

    private Future<ResultWriter> refuse(DecodeError error) {
      OutcomeBuilder outcome =
          Outcome.of(event, received.coordinates()).decision(rule(new Refuse(error)));
      return Future.succeededFuture(
          ended(outcome.error(error).build(Status.REJECTED, clock.instant()), received));
    }

    private Future<ResultWriter> act(WorkContext context) {
      return safeguards
          .of(event)
          .compose(untouched -> outcome(untouched, context))
          .map(outcome -> ended(outcome, received));
    }

    private Future<Outcome> outcome(Untouched untouched, WorkContext context) {
      Decision decision = policy.decide(event, clock.instant(), untouched);
      OutcomeBuilder outcome = Outcome.of(event, received.coordinates()).decision(rule(decision));
      if (event instanceof Rescinded || decision instanceof Schedule) {
        return Future.succeededFuture(
            outcome
                .error(Problem.of("not_scheduled", "this event is not about now"))
                .build(Status.REJECTED, clock.instant()));
      }
      if (decision instanceof Refuse refuse) {
        return Future.succeededFuture(
            outcome.error(refuse.error()).build(Status.REJECTED, clock.instant()));
      }
      return decision instanceof Skip skip
          ? Future.succeededFuture(skipped(outcome, skip))
          : flow.revoke(event, received.context(context, untouched));
    }
  }

  private static AppliedRule rule(Decision decision) {
    return new AppliedRule(decision.code(), decision.reason());
  }

  private Outcome skipped(OutcomeBuilder outcome, Skip skip) {
    return outcome
        .decision(rule(skip))
        .error(Problem.of(skip.code(), skip.reason()))
        .build(Status.SKIPPED, clock.instant());
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
    public Future<ResultWriter> start(WorkContext context) {
      OutcomeBuilder outcome = Outcome.of(rejected, received.coordinates());
      Outcome ended =
          policy
              .passOver(rejected)
              .map(skip -> skipped(outcome, skip))
              .orElseGet(
                  () -> outcome.error(rejected.error()).build(Status.REJECTED, clock.instant()));
      return Future.succeededFuture(ended(ended, received));
    }
  }

  private ResultWriter ended(Outcome outcome, ReceivedEvent received) {
    listener.ended(received.type(), outcome);
    if (outcomeRecords.isDeadLetter(outcome)) {
      listener.deadLettered(outcome.status());
    }
    received.trace().ended(outcome);
    ConsumerRecord<byte[], byte[]> record = received.record();
    Problem problem = outcome.error();
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
