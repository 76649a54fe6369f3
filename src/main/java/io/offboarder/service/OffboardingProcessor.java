package io.offboarder.service;

import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Intake;
import io.offboarder.intake.Reading;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import io.offboarder.registry.SchemaRegistry;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.registry.SchemaRegistry.Awaited;
import io.offboarder.registry.SchemaRegistry.Content;
import io.offboarder.registry.SchemaRegistry.Unreadable;
import io.offboarder.revocation.EventLog;
import io.offboarder.revocation.RecordCoordinates;
import io.offboarder.stream.IncompleteRecord;
import io.offboarder.stream.RecordProcessor;
import io.offboarder.stream.RecordWork;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record, by its schema and the rules where there are some, and makes work of it. Reads on
 * the Kafka thread, because the engine must know whom a record is about before it may start.
 */
final class OffboardingProcessor implements RecordProcessor {
  private final EventDecoder decoder;
  private final Intake intake;
  private final RecordWorkFactory works;
  private final EventReport report;
  private final Privacy privacy;
  private final OutcomeRedactor logged;
  private final Clock clock;
  private final ServiceListener listener;
  private final EventTracing tracing;
  private final @Nullable SchemaRegistry registry;

  OffboardingProcessor(
      EventDecoder decoder,
      Intake intake,
      RecordWorkFactory works,
      EventReport report,
      Privacy privacy,
      Clock clock,
      ServiceListener listener,
      EventTracing tracing,
      @Nullable SchemaRegistry registry) {
    this.decoder = decoder;
    this.intake = intake;
    this.works = works;
    this.report = report;
    this.privacy = privacy;
    this.logged = report.logged();
    this.clock = clock;
    this.listener = listener;
    this.tracing = tracing;
    this.registry = registry;
  }

  @Override
  public RecordWork prepare(ConsumerRecord<byte[], byte[]> record) {
    RecordCoordinates coordinates = coordinates(record);
    return registry == null
        ? read(record, record.value(), coordinates)
        : readBySchema(registry, record, coordinates);
  }

  private RecordWork readBySchema(
      SchemaRegistry schemas,
      ConsumerRecord<byte[], byte[]> record,
      RecordCoordinates coordinates) {
    Content content = schemas.read(record.value());
    if (content instanceof Awaited awaited) {
      return new AwaitedWork(
          schemas, awaited.schema(), () -> readBySchema(schemas, record, coordinates));
    }
    return content instanceof Unreadable unreadable
        ? rejection(
            Rejected.unreadable(unreadable.schema(), unreadable.words()), record, coordinates)
        : read(record, ((AsJson) content).value(), coordinates);
  }

  /**
   * Reads a record.
   *
   * @param value the record's, as JSON
   */
  private RecordWork read(
      ConsumerRecord<byte[], byte[]> record,
      byte @Nullable [] value,
      RecordCoordinates coordinates) {
    return intake.isEmpty()
        ? work(decoder.decode(record.headers(), value), record, coordinates)
        : byRules(record, value, coordinates);
  }

  /** What the rules make of the record; an event in Offboarder's own form needs none. */
  private RecordWork byRules(
      ConsumerRecord<byte[], byte[]> record,
      byte @Nullable [] value,
      RecordCoordinates coordinates) {
    Reading reading = intake.read(InputRecord.of(record, value));
    if (reading instanceof Unmatched unmatched) {
      Decoded decoded = decoder.decode(record.headers(), value);
      return work(unmatched.describe(decoded), record, coordinates);
    }
    List<RecordWork> events = new ArrayList<>();
    for (Item item : ((Matched) reading).items()) {
      if (item instanceof Case one) {
        events.add(work(one.decoded(), record, coordinates.at(one.index())));
      } else {
        listener.ignored(item.rule());
      }
    }
    return new BatchWork(events, report.outcomeRecords()::joined);
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
    return works.of(event, new ReceivedEvent(record, coordinates, event.type(), trace, log));
  }

  private RecordWork rejection(
      Rejected rejected, ConsumerRecord<byte[], byte[]> record, RecordCoordinates coordinates) {
    EventTrace trace = tracing.begin(null, rejected.attributes().trace(), coordinates);
    EventLog log = logged.log(rejected, trace);
    return works.of(
        privacy.isAsked() ? rejected.withoutInput() : rejected,
        new ReceivedEvent(record, coordinates, null, trace, log));
  }
}
