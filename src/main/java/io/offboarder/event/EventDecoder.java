package io.offboarder.event;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EnvelopeReader.Glimpse;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record's headers and value into an event to act on, or into what is wrong with it. Never
 * throws for what it reads. May be called from any thread.
 *
 * <p>Whom an event is about, what is to be done and when is read strictly: what could be mistaken
 * is rejected. What is only shown never decides: it is shortened or left out, with a note.
 */
public final class EventDecoder {
  private final DecoderSettings settings;

  /** A decoder with these settings. */
  public EventDecoder(DecoderSettings settings) {
    this.settings = settings;
  }

  /** Decodes one record. */
  public Decoded decode(Headers headers, byte @Nullable [] value) {
    return decode(headers, value, new Notes());
  }

  /**
   * Decodes an event that was made of a record.
   *
   * @param note how it was made, for its outcome
   */
  public Decoded decode(Headers headers, byte[] value, String note) {
    return decode(headers, value, new Notes(note));
  }

  private Decoded decode(Headers headers, byte @Nullable [] value, Notes notes) {
    try {
      return new Understood(event(EnvelopeReader.read(headers, value, notes)));
    } catch (DecodeException e) {
      Glimpse glimpse = EnvelopeReader.glimpse(headers, value);
      return new Rejected(
          glimpse.attributes(), GlimpsedSubject.in(glimpse.members()), e.error(), notes.list());
    }
  }

  private OffboardingEvent event(Envelope envelope) throws DecodeException {
    EventAttributes attributes = envelope.attributes();
    EventType type = EventType.required(Objects.requireNonNull(attributes.type()));
    envelope.requireNothingBeside(type.deciding());
    return type.read(attributes, envelope.data(), settings);
  }
}
