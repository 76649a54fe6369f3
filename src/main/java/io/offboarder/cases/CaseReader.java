package io.offboarder.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.cases.CaseEvent.Input;
import io.offboarder.cases.CaseRecord.StoredRecord;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.EventType;
import io.offboarder.event.Execution;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import io.offboarder.event.TraceContext;
import io.offboarder.event.UserTerminated;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Reads what {@link CaseFormat} writes. Thread-safe. */
public final class CaseReader {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final JsonMapper mapper = new JsonMapper();

  /** What a record of the cases' topic changes; empty for one that this version does not know. */
  public Optional<CaseChange> change(Entry entry) {
    byte[] key = entry.key();
    byte[] value = entry.value();
    if (key == null) {
      return Optional.empty();
    }
    if (value == null) {
      String caseId = new String(key, UTF_8);
      return Optional.of(new CaseChange.End(caseId, CaseEnd.read(entry.headers())));
    }
    // Read whole, its input too: what the table takes in must be readable when its turn comes.
    return read(value).map(whole -> new CaseChange.Put(whole.waiting(), value, entry.offset()));
  }

  /** The case in these bytes; empty where they hold none that this version understands. */
  public Optional<CaseRecord> read(byte[] json) {
    try {
      return Optional.of(record(mapper.readTree(json)));
    } catch (IOException
        | DateTimeException
        | IllegalArgumentException
        | ClassCastException notOurs) {
      return Optional.empty();
    }
  }

  private static CaseRecord record(JsonNode json) throws IOException {
    JsonNode input = json.path("record");
    OffboardingEvent event = event(json);
    StoredRecord stored =
        new StoredRecord(
            millis(input, "timestamp"),
            instant(input, "receivedAt"),
            bytes(input, "key"),
            bytes(input, "value"),
            headers(input));
    return new CaseRecord(waiting(json, event), event, stored);
  }

  private static WaitingCase waiting(JsonNode json, OffboardingEvent event) {
    JsonNode input = json.path("record");
    long timestamp = millis(input, "timestamp");
    Input at =
        new Input(
            required(input, "topic").asText().intern(),
            required(input, "partition").asInt(),
            required(input, "offset").asLong(),
            timestamp < 0 ? instant(input, "receivedAt") : Instant.ofEpochMilli(timestamp),
            input.path("index").asInt(Input.ALONE));
    return new WaitingCase(
        CaseEvent.of(required(json, "caseId").asText(), event, at),
        CaseState.of(required(json, "state").asText())
            .orElseThrow(() -> new IllegalArgumentException("state")),
        instant(json, "due"),
        instant(json, "since"),
        required(json, "why").asText(),
        done(json.path("done")));
  }

  private static @Nullable Done done(JsonNode done) {
    if (!done.isObject()) {
      return null;
    }
    int look = required(done, "look").asInt();
    if (look < 1) {
      throw new IllegalArgumentException("look");
    }
    return new Done(required(done, "status").asText(), instant(done, "at"), look);
  }

  private static OffboardingEvent event(JsonNode json) {
    JsonNode event = json.path("event");
    EventType kind =
        EventType.of(required(event, "kind").asText())
            .orElseThrow(() -> new IllegalArgumentException("kind"));
    EventAttributes attributes =
        new EventAttributes(
            text(event, "id"),
            text(event, "type"),
            text(event, "source"),
            text(event, "time"),
            event.has("occurredAt") ? instant(event, "occurredAt") : null,
            new TraceContext(text(event, "traceparent"), text(event, "tracestate")));
    EffectiveTime effective =
        event.has("effectiveAt")
            ? new EffectiveTime(
                instant(event, "effectiveAt"), required(event, "effectiveField").asText())
            : null;
    Subject subject = subject(json.path("subject"));
    String reason = text(event, "reason");
    Execution execution = event.path("dryRun").asBoolean() ? Execution.DRY_RUN : Execution.REAL;
    List<String> notes = new ArrayList<>();
    event.path("notes").forEach(note -> notes.add(note.asText()));
    return switch (kind) {
      case USER_TERMINATED ->
          new UserTerminated(attributes, (Person) subject, effective, reason, execution, notes);
      case APP_DECOMMISSIONED ->
          new AppDecommissioned(attributes, (App) subject, effective, reason, execution, notes);
      case USER_TERMINATION_RESCINDED, APP_DECOMMISSION_RESCINDED ->
          new Rescinded(
              kind,
              attributes,
              subject,
              text(event, "rescindedId"),
              text(event, "rescindedSource"),
              reason,
              notes);
    };
  }

  private static Subject subject(JsonNode json) {
    Identifier orgId = id(json, "orgId");
    String clientId = text(json, "clientId");
    if (clientId != null) {
      return new App(clientId, orgId, text(json, "applicationName"));
    }
    Identifier personId = id(json, "personId");
    String personEmail = text(json, "personEmail");
    return personId == null && personEmail == null
        ? new Unnamed(orgId)
        : new Person(personId, personEmail, orgId);
  }

  private static Headers headers(JsonNode input) throws IOException {
    Headers headers = new RecordHeaders();
    for (JsonNode header : input.path("headers")) {
      headers.add(required(header, "key").asText(), bytes(header, "value"));
    }
    return headers;
  }

  private static @Nullable Identifier id(JsonNode json, String name) {
    String value = text(json, name);
    String received = text(json, name + "Received");
    return value == null ? null : new Identifier(value, received == null ? value : received);
  }

  private static byte @Nullable [] bytes(JsonNode json, String name) throws IOException {
    return json.hasNonNull(name) ? json.get(name).binaryValue() : null;
  }

  /** A time that can be calculated with: what another program wrote may overflow. */
  private static Instant instant(JsonNode json, String name) {
    Instant time = Instant.parse(required(json, name).asText());
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException(name);
    }
    return time;
  }

  private static long millis(JsonNode json, String name) {
    long millis = required(json, name).asLong();
    if (millis > LATEST.toEpochMilli()) {
      throw new IllegalArgumentException(name);
    }
    return millis;
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.path(name).textValue();
  }

  private static JsonNode required(JsonNode json, String name) {
    JsonNode member = json.get(name);
    if (member == null || member.isNull()) {
      throw new IllegalArgumentException(name);
    }
    return member;
  }
}
