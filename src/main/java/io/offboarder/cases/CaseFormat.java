package io.offboarder.cases;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.offboarder.cases.CaseRecord.StoredRecord;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Execution;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Writes a case as the JSON of {@code schemas/case.schema.json}. Thread-safe. */
public final class CaseFormat {
  private final JsonFactory factory = new JsonFactory();

  /** The value of a case's record. */
  public byte[] toJson(CaseRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      write(json, record);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, CaseRecord record) throws IOException {
    WaitingCase waiting = record.waiting();
    json.writeStartObject();
    json.writeStringField("caseId", waiting.caseId());
    json.writeStringField("state", waiting.state().toString());
    json.writeStringField("due", waiting.due().toString());
    json.writeStringField("since", waiting.since().toString());
    json.writeStringField("why", waiting.why());
    writeDone(json, waiting.done());
    writeEvent(json, record.event());
    writeSubject(json, record.event());
    writeInput(json, waiting.event().input(), record.input());
    json.writeEndObject();
  }

  private static void writeDone(JsonGenerator json, @Nullable Done done) throws IOException {
    if (done != null) {
      json.writeObjectFieldStart("done");
      json.writeStringField("status", done.status());
      json.writeStringField("at", done.at().toString());
      json.writeNumberField("look", done.look());
      json.writeEndObject();
    }
  }

  private static void writeEvent(JsonGenerator json, OffboardingEvent event) throws IOException {
    EventAttributes attributes = event.attributes();
    json.writeObjectFieldStart("event");
    json.writeStringField("kind", event.type().word());
    json.writeStringField("id", attributes.id());
    json.writeStringField("type", attributes.type());
    writeIfKnown(json, "source", attributes.source());
    writeIfKnown(json, "time", attributes.time());
    writeIfKnown(json, "occurredAt", attributes.occurredAt());
    if (event.effective() != null) {
      writeIfKnown(json, "effectiveAt", event.effective().at());
      json.writeStringField("effectiveField", event.effective().field());
    }
    writeIfKnown(json, "reason", event.reason());
    if (event.execution() == Execution.DRY_RUN) {
      json.writeBooleanField("dryRun", true);
    }
    if (event instanceof Rescinded rescinded) {
      writeIfKnown(json, "rescindedId", rescinded.eventId());
      writeIfKnown(json, "rescindedSource", rescinded.eventSource());
    }
    json.writeArrayFieldStart("notes");
    for (String note : event.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    writeIfKnown(json, "traceparent", attributes.trace().traceparent());
    writeIfKnown(json, "tracestate", attributes.trace().tracestate());
    json.writeEndObject();
  }

  private static void writeSubject(JsonGenerator json, OffboardingEvent event) throws IOException {
    json.writeObjectFieldStart("subject");
    if (event.subject() instanceof Person person) {
      writeIfKnown(json, "personId", person.personId());
      writeIfKnown(json, "personEmail", person.personEmail());
    } else if (event.subject() instanceof App app) {
      json.writeStringField("clientId", app.clientId());
      writeIfKnown(json, "applicationName", app.applicationName());
    }
    writeIfKnown(json, "orgId", event.subject().orgId());
    json.writeEndObject();
  }

  private static void writeInput(JsonGenerator json, CaseEvent.Input input, StoredRecord record)
      throws IOException {
    json.writeObjectFieldStart("record");
    json.writeStringField("topic", input.topic());
    json.writeNumberField("partition", input.partition());
    json.writeNumberField("offset", input.offset());
    if (input.index() != CaseEvent.Input.ALONE) {
      json.writeNumberField("index", input.index());
    }
    json.writeNumberField("timestamp", record.timestamp());
    json.writeStringField("receivedAt", record.receivedAt().toString());
    writeBytes(json, "key", record.key());
    writeBytes(json, "value", record.value());
    json.writeArrayFieldStart("headers");
    for (Header header : record.headers()) {
      json.writeStartObject();
      json.writeStringField("key", header.key());
      writeBytes(json, "value", header.value());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeBytes(JsonGenerator json, String name, byte @Nullable [] bytes)
      throws IOException {
    if (bytes == null) {
      json.writeNullField(name);
    } else {
      json.writeBinaryField(name, bytes);
    }
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable Identifier id)
      throws IOException {
    if (id != null) {
      json.writeStringField(name, id.value());
      writeIfKnown(json, name + "Received", id.isConverted() ? id.received() : null);
    }
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable Instant at)
      throws IOException {
    writeIfKnown(json, name, at == null ? null : at.toString());
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
