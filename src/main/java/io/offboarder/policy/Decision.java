package io.offboarder.policy;

import io.offboarder.event.DecodeError;

/** What is to be done about an event that was understood. */
public sealed interface Decision {

  /** Act on it. */
  record Act() implements Decision {}

  /** Reject it: what the event asks for cannot be done now. */
  record Refuse(DecodeError error) implements Decision {}
}
