package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record's headers and value into an event to act on, or into what is wrong with it. Never
 * throws for what it reads. May be called from any thread.
 */
public final class EventDecoder {
  private final EnvelopeReader envelopes = new EnvelopeReader();
  private final DecoderSettings settings;

  /** A decoder with these settings. */
  public EventDecoder(DecoderSettings settings) {
    this.settings = settings;
  }

  /** Decodes one record. */
  public Decoded decode(Headers headers, byte @Nullable [] value) {
    try {
      return new Understood(event(envelopes.read(headers, value)));
    } catch (DecodeException e) {
      return new Rejected(
          envelopes.attributesOf(headers, value),
          wellFormed(envelopes.membersOf(value)),
          e.error());
    }
  }

  private OffboardingEvent event(Envelope envelope) throws DecodeException {
    EventAttributes attributes = envelope.attributes();
    EventType type = EventType.required(Objects.requireNonNull(attributes.type()));
    return type.read(attributes, envelope.data(), settings);
  }

  private static Subject wellFormed(JsonNode members) {
    if (!members.isObject()) {
      return Subject.UNKNOWN;
    }
    JsonFields data = new JsonFields(members, "");
    String personId = orNull(() -> data.id("personId"));
    String personEmail = orNull(() -> data.email("personEmail"));
    String clientId = orNull(() -> data.id("clientId"));
    String orgId = orNull(() -> data.id("orgId"));
    if (personId != null || personEmail != null) {
      return new Person(personId, personEmail, orgId);
    }
    return clientId == null ? new Unnamed(orgId) : new App(clientId, orgId);
  }

  private interface DataReader {
    @Nullable String read() throws DecodeException;
  }

  private static @Nullable String orNull(DataReader reading) {
    try {
      return reading.read();
    } catch (DecodeException notWellFormed) {
      return null;
    }
  }
}
