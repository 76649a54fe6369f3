package io.offboarder.revocation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.offboarder.event.Identifier;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.revocation.CaseProgress.RelatedCase;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Verification;
import io.offboarder.webex.Authorization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes an outcome as the JSON of {@code schemas/outcome.schema.json}. Thread-safe. */
public final class OutcomeFormat {
  /** The CloudEvents type of an outcome. */
  public static final String TYPE = "io.offboarder.outcome.v1";

  /** The CloudEvents source of an outcome. */
  public static final String SOURCE = "/offboarder";

  private static final int SHOWN_WHEN_SHORTENED = 200;

  private final JsonFactory factory = new JsonFactory();

  /** The whole outcome. */
  public byte[] toJson(Outcome outcome) {
    return write(outcome, outcome.authorizations(), List.of());
  }

  /**
   * The outcome for a topic that refuses the whole one as too large: the authorizations that failed
   * come first, the list is cut, and {@code truncated} says how long it was and names the others by
   * what Cisco's audit log knows of them.
   */
  public byte[] toShortJson(Outcome outcome) {
    Stream<Revocation> failed =
        outcome.authorizations().stream().filter(one -> one.result() == Result.FAILED);
    Stream<Revocation> others =
        outcome.authorizations().stream().filter(one -> one.result() != Result.FAILED);
    List<Revocation> sorted = Stream.concat(failed, others).toList();
    int shown = Math.min(SHOWN_WHEN_SHORTENED, sorted.size());
    return write(outcome, sorted.subList(0, shown), sorted.subList(shown, sorted.size()));
  }

  /** The outcome without any of its authorizations, for a topic that refuses even the short one. */
  public byte[] toShortestJson(Outcome outcome) {
    return write(outcome, List.of(), List.of());
  }

  private byte[] write(Outcome outcome, List<Revocation> shown, List<Revocation> named) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("id", outcome.id());
      json.writeStringField("caseId", outcome.caseId());
      json.writeStringField("status", outcome.status().toString());
      json.writeBooleanField("final", outcome.status().isFinal());
      writeDecision(json, outcome.decision());
      if (outcome.progress().look() > 0) {
        json.writeNumberField("look", outcome.progress().look());
      }
      writeRelated(json, outcome.progress().related());
      writeEvent(json, outcome);
      writeSubject(json, outcome);
      json.writeArrayFieldStart("authorizations");
      for (Revocation one : shown) {
        writeAuthorization(json, one);
      }
      json.writeEndArray();
      if (shown.size() < outcome.authorizations().size()) {
        writeTruncated(json, outcome, shown.size(), named);
      }
      writeVerification(json, outcome.verification());
      writeError(json, outcome.error());
      json.writeArrayFieldStart("notes");
      for (String note : outcome.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
      writeTiming(json, outcome);
      json.writeObjectFieldStart("api");
      json.writeNumberField("requests", outcome.api().requests());
      json.writeNumberField("retries", outcome.api().retries());
      json.writeNumberField("throttled", outcome.api().throttled());
      json.writeStringField("trackingId", outcome.api().trackingId());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeTruncated(
      JsonGenerator json, Outcome outcome, int shown, List<Revocation> named) throws IOException {
    json.writeObjectFieldStart("truncated");
    json.writeNumberField("authorizations", outcome.authorizations().size());
    json.writeNumberField("shown", shown);
    json.writeArrayFieldStart("named");
    for (Revocation one : named) {
      json.writeStartObject();
      json.writeStringField("id", one.authorization().id());
      json.writeStringField("result", one.result().toString());
      json.writeStringField("trackingId", one.trackingId());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeDecision(JsonGenerator json, AppliedRule decision) throws IOException {
    json.writeObjectFieldStart("decision");
    json.writeStringField("code", decision.code());
    json.writeStringField("reason", decision.reason());
    json.writeEndObject();
  }

  private static void writeRelated(JsonGenerator json, List<RelatedCase> related)
      throws IOException {
    if (related.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("cases");
    for (RelatedCase one : related) {
      json.writeStartObject();
      json.writeStringField("caseId", one.caseId());
      json.writeStringField("relation", one.relation().toString());
      writeIfKnown(json, "status", one.status());
      writeIfKnown(json, "at", one.at() == null ? null : one.at().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeEvent(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeObjectFieldStart("event");
    json.writeStringField("id", outcome.event().id());
    json.writeStringField("type", outcome.event().type());
    json.writeStringField("source", outcome.event().source());
    json.writeStringField("time", outcome.event().time());
    writeIfKnown(json, "reason", outcome.about().reason());
    json.writeStringField("topic", outcome.coordinates().topic());
    json.writeNumberField("partition", outcome.coordinates().partition());
    json.writeNumberField("offset", outcome.coordinates().offset());
    if (outcome.coordinates().index() != RecordCoordinates.ALONE) {
      json.writeNumberField("index", outcome.coordinates().index());
    }
    json.writeEndObject();
  }

  private static void writeSubject(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeObjectFieldStart("subject");
    if (outcome.subject() instanceof Person person) {
      writeIfKnown(json, "personId", person.personId());
      writeIfKnown(json, "personEmail", person.personEmail());
    } else if (outcome.subject() instanceof App app) {
      json.writeStringField("clientId", app.clientId());
      writeIfKnown(json, "applicationName", app.applicationName());
    }
    writeIfKnown(json, "orgId", outcome.subject().orgId());
    json.writeEndObject();
  }

  /** Where an id came in another form than it is asked for, both are shown. */
  private static void writeIfKnown(JsonGenerator json, String name, @Nullable Identifier id)
      throws IOException {
    if (id != null) {
      json.writeStringField(name, id.value());
      writeIfKnown(json, name + "Received", id.isConverted() ? id.received() : null);
    }
  }

  private static void writeIfKnown(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void writeAuthorization(JsonGenerator json, Revocation one) throws IOException {
    Authorization authorization = one.authorization();
    json.writeStartObject();
    json.writeStringField("id", authorization.id());
    json.writeStringField("type", authorization.type().name().toLowerCase(Locale.ROOT));
    json.writeStringField("personId", authorization.personId());
    json.writeStringField("clientId", authorization.clientId());
    json.writeStringField("applicationId", authorization.applicationId());
    json.writeStringField("applicationName", authorization.applicationName());
    json.writeStringField(
        "created", authorization.created() == null ? null : authorization.created().toString());
    json.writeStringField("result", one.result().toString());
    writeStatus(json, one.httpStatus());
    json.writeStringField("trackingId", one.trackingId());
    json.writeNumberField("attempts", one.attempts());
    json.writeStringField("at", one.at().toString());
    writeIfKnown(json, "problem", one.problem());
    json.writeEndObject();
  }

  private static void writeStatus(JsonGenerator json, int httpStatus) throws IOException {
    if (httpStatus == 0) {
      json.writeNullField("httpStatus");
    } else {
      json.writeNumberField("httpStatus", httpStatus);
    }
  }

  private static void writeVerification(JsonGenerator json, @Nullable Verification verification)
      throws IOException {
    if (verification == null) {
      json.writeNullField("verification");
      return;
    }
    json.writeObjectFieldStart("verification");
    json.writeStringField("at", verification.at().toString());
    json.writeNumberField("remaining", verification.remaining());
    json.writeNumberField("spared", verification.spared());
    json.writeStringField("basis", verification.basis().toString());
    json.writeEndObject();
  }

  private static void writeError(JsonGenerator json, @Nullable Problem problem) throws IOException {
    if (problem == null) {
      json.writeNullField("error");
      return;
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("code", problem.code());
    writeIfKnown(json, "field", problem.field());
    writeStatus(json, problem.httpStatus());
    json.writeStringField("message", problem.message());
    json.writeEndObject();
  }

  private static void writeTiming(JsonGenerator json, Outcome outcome) throws IOException {
    json.writeObjectFieldStart("timing");
    json.writeStringField("eventTime", outcome.event().time());
    Instant effectiveAt = outcome.about().effectiveAt();
    json.writeStringField("effectiveAt", effectiveAt == null ? null : effectiveAt.toString());
    Instant dueAt = outcome.progress().dueAt();
    json.writeStringField("dueAt", dueAt == null ? null : dueAt.toString());
    json.writeStringField("arrivedAt", outcome.coordinates().arrivedAt().toString());
    json.writeStringField("receivedAt", outcome.coordinates().receivedAt().toString());
    json.writeStringField("completedAt", outcome.completedAt().toString());
    json.writeNumberField("timeToRevokeMs", outcome.timeToRevoke().toMillis());
    json.writeEndObject();
  }
}
