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
   * @param fault what is wrong
   */
  record Malformed(EventAttributes attributes, Subject subject, EventFault fault)
      implements Decoded {

    /** The same for those who must not see what was in the event. */
    public Malformed withoutInput() {
      return new Malformed(attributes, subject, fault.withoutInput());
    }
  }
}
