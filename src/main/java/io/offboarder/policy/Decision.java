package io.offboarder.policy;

import io.offboarder.event.DecodeError;

/** What is to be done about an event. */
public sealed interface Decision {

  /** Act on it. */
  record Act() implements Decision {}

  /** Reject it: what the event asks for cannot be done now. */
  record Refuse(DecodeError error) implements Decision {}

  /**
   * Do nothing about it: it was not meant for this service, or must not be acted on.
   *
   * @param code a stable word
   * @param reason for people
   */
  record Skip(String code, String reason) implements Decision {}
}
