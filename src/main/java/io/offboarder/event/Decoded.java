package io.offboarder.event;

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
   */
  record Rejected(EventAttributes attributes, Subject subject, DecodeError error)
      implements Decoded {

    /** The same for those who must not see what was in the event. */
    public Rejected withoutInput() {
      return new Rejected(attributes, subject, error.withoutInput());
    }
  }
}
