package io.offboarder.event;

import io.offboarder.event.DecodeError.Code;
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

    /**
     * A record that is too large to be read.
     *
     * @param reason what is too large, in words that show nothing of the input
     */
    public static Rejected tooLarge(String reason) {
      return new Rejected(
          EventAttributes.UNKNOWN,
          Subject.UNKNOWN,
          DecodeError.of(
              Code.RECORD_TOO_LARGE, "record", "is too large (" + reason + ")", "some kilobytes"),
          List.of());
    }

    /**
     * A record of a schema that nothing can be read by.
     *
     * @param schema its number in the registry
     * @param was what it was, in words that show nothing of the input
     */
    public static Rejected unreadable(int schema, String was) {
      return new Rejected(
          EventAttributes.UNKNOWN,
          Subject.UNKNOWN,
          DecodeError.of(
              Code.UNSUPPORTED_CONTENT_TYPE,
              "value",
              was + " (schema " + schema + " of the registry)",
              "JSON, or Avro of a schema that stands for itself"),
          List.of());
    }

    /** The same for those who must not see what was in the event. */
    public Rejected withoutInput() {
      return new Rejected(attributes, subject, error.withoutInput(), notes);
    }
  }
}
