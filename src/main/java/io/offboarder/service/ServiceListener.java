package io.offboarder.service;

import io.offboarder.event.EventType;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.signature.SignatureFault.Kind;
import io.offboarder.stream.StreamListener;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Told what the service does, for metrics; each method on the thread that its own room says. Must
 * be quick and must not throw.
 */
public interface ServiceListener extends GateListener, StreamListener {

  /** Hears nothing. */
  ServiceListener NONE =
      new ServiceListener() {
        @Override
        public void ended(@Nullable EventType type, Outcome outcome) {}

        @Override
        public void signatureRefused(Kind kind) {}

        @Override
        public void deadLettered(Status status) {}

        @Override
        public void ignored(String rule) {}

        @Override
        public void attempted(Operation operation, HttpStatus status, int attempt, Duration took) {}
      };

  /** An event is rejected for its signature. On the service's event loop. */
  void signatureRefused(Kind kind);

  /**
   * An intake rule says that a record, or an item of one, is none of this service's business. On
   * the Kafka thread, or on the event loop where the record waited for its schema; for a record
   * that is delivered again, again.
   */
  void ignored(String rule);

  /** The input of an event that ended so is kept on the dead-letter topic. As {@link #ended}. */
  void deadLettered(Status status);

  /**
   * An outcome that is not final: an event waits, or was looked at again. As {@link #ended}.
   *
   * @param type what kind of event it is
   */
  default void told(EventType type, Outcome outcome) {}

  /**
   * Work on a case begins that waited for its time, a person's word or its second look. On the
   * service's event loop.
   *
   * @param late how long after the case was due
   */
  default void beganAfterItsTime(Duration late) {}

  /**
   * An event ended. Its outcome is not committed yet: after a crash or a lost partition the same
   * event may end again. Called on the service's event loop.
   *
   * @param type what kind of event it was; null where it was not understood
   */
  void ended(@Nullable EventType type, Outcome outcome);
}
