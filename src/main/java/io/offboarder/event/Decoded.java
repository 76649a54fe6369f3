package io.offboarder.event;

import java.util.List;

/** What became of a record's bytes. */
public sealed interface Decoded {

  /** An event to act on. */
  record Understood(OffboardingEvent event) implements Decoded {}

  /**
   * Bytes that are not an event to act on.
   *
   * @param attributes as much of the envelope as could be read
   * @param subject as much of the subject as is well-formed
   * @param error what is wrong
   * @param notes what was odd beside that
   */
  record Rejected(
      EventAttributes attributes, Subject subject, DecodeError error, List<String> notes)
      implements Decoded {

    /** Copies the list. */
    public Rejected {
      notes = List.copyOf(notes);
    }

    /** The same for those who must not see what was in the event. */
    public Rejected withoutInput() {
      return new Rejected(attributes, subject, error.withoutInput(), notes);
    }
  }
}
