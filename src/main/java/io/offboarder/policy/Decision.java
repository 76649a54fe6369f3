package io.offboarder.policy;

import io.offboarder.event.DecodeError;
import java.time.Instant;

/** What is to be done about an event. */
public sealed interface Decision {

  /** The rule that decided: a stable word. */
  String code();

  /** Why, for people. */
  String reason();

  /** Act on it. */
  record Act() implements Decision {
    @Override
    public String code() {
      return "act";
    }

    @Override
    public String reason() {
      return "no rule forbids it";
    }
  }

  /**
   * Act on it later.
   *
   * @param due when
   * @param reason for people
   */
  record Schedule(Instant due, String reason) implements Decision {
    @Override
    public String code() {
      return "scheduled";
    }
  }

  /**
   * Act on it only once a person has released it.
   *
   * @param code a stable word
   * @param reason for people
   */
  record Hold(String code, String reason) implements Decision {}

  /** Reject it: what the event asks for cannot be done now. */
  record Refuse(DecodeError error) implements Decision {
    @Override
    public String code() {
      return error.code().toString();
    }

    @Override
    public String reason() {
      return error.message();
    }
  }

  /**
   * Do nothing about it: it was not meant for this service, or must not be acted on.
   *
   * @param code a stable word
   * @param reason for people
   */
  record Skip(String code, String reason) implements Decision {}
}
