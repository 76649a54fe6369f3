package io.offboarder.revocation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt is about to delete, as {@code schemas/note.schema.json} has it.
 *
 * @param kind of the event, such as {@code user-terminated}
 * @param look 0 for the event itself, else which look after its end
 * @param released whether a person has let the case through, after it was held
 * @param attempt from 1; each attempt counts from what earlier ones have noted
 * @param clientId of the app whose authorizations are to go; null where a person's are
 * @param trackingId that the delete of an app's authorizations will carry
 * @param deletions a person's authorizations that are to go
 */
record DeletionNote(
    String caseId,
    String kind,
    int look,
    boolean released,
    int attempt,
    @Nullable String orgId,
    @Nullable String clientId,
    @Nullable String trackingId,
    List<Deletion> deletions) {
  private static final JsonFactory JSON = new JsonFactory();
  static final String TYPE = "io.offboarder.note.v1";

  DeletionNote {
    deletions = List.copyOf(deletions);
  }

  /**
   * One authorization that is to go.
   *
   * @param trackingId that its delete will carry, or that of the refresh authorization which takes
   *     it along
   */
  record Deletion(Authorization authorization, String trackingId) {}

  byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("type", TYPE);
      json.writeStringField("caseId", caseId);
      json.writeStringField("kind", kind);
      json.writeNumberField("look", look);
      json.writeBooleanField("released", released);
      json.writeNumberField("attempt", attempt);
      json.writeStringField("orgId", orgId);
      if (clientId != null) {
        json.writeStringField("clientId", clientId);
        json.writeStringField("trackingId", trackingId);
      }
      json.writeArrayFieldStart("authorizations");
      for (Deletion one : deletions) {
        write(json, one);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Deletion one) throws IOException {
    Authorization authorization = one.authorization();
    json.writeStartObject();
    json.writeStringField("id", authorization.id());
    json.writeStringField("type", authorization.type().name().toLowerCase(Locale.ROOT));
    json.writeStringField("clientId", authorization.clientId());
    json.writeStringField("applicationId", authorization.applicationId());
    json.writeStringField("applicationName", authorization.applicationName());
    json.writeStringField(
        "created", authorization.created() == null ? null : authorization.created().toString());
    json.writeStringField("trackingId", one.trackingId());
    json.writeEndObject();
  }

  /** What was written; empty for what another program wrote, or a version that is not known. */
  static Optional<DeletionNote> read(byte[] bytes) {
    try {
      JsonObject json = new JsonObject(Buffer.buffer(bytes));
      if (!TYPE.equals(json.getString("type"))) {
        return Optional.empty();
      }
      return Optional.of(
          new DeletionNote(
              json.getString("caseId"),
              json.getString("kind"),
              json.getInteger("look"),
              json.getBoolean("released", false),
              json.getInteger("attempt"),
              json.getString("orgId"),
              json.getString("clientId"),
              json.getString("trackingId"),
              json.getJsonArray("authorizations").stream()
                  .map(one -> deletion((JsonObject) one))
                  .toList()));
    } catch (DecodeException
        | ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | java.time.DateTimeException foreign) {
      return Optional.empty();
    }
  }

  private static Deletion deletion(JsonObject json) {
    String created = json.getString("created");
    return new Deletion(
        new Authorization(
            json.getString("id"),
            AuthorizationType.valueOf(json.getString("type").toUpperCase(Locale.ROOT)),
            null,
            json.getString("clientId"),
            json.getString("applicationId"),
            json.getString("applicationName"),
            created == null ? null : Instant.parse(created)),
        json.getString("trackingId"));
  }
}
