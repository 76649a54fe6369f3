package io.offboarder.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with some requests.
 *
 * @param operation null for all
 * @param matching only requests whose path and query contain this text; null for all
 * @param times how many requests; {@link #ALWAYS} until the faults are cleared
 * @param probability of each request that matches
 */
public record Fault(
    Effect effect,
    @Nullable Operation operation,
    @Nullable String matching,
    int times,
    double probability) {

  /** As many requests as there are. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  /** Every request from now on. */
  public static Fault of(Effect effect) {
    return new Fault(effect, null, null, ALWAYS, 1);
  }

  /** The same for one operation. */
  public Fault on(Operation only) {
    return new Fault(effect, only, matching, times, probability);
  }

  /** The same for requests that name this text in their path or query. */
  public Fault matching(String text) {
    return new Fault(effect, operation, text, times, probability);
  }

  /** The same for the next so many requests. */
  public Fault times(int count) {
    return new Fault(effect, operation, matching, count, probability);
  }

  /** The same for a share of the requests, drawn at random. */
  public Fault withProbability(double share) {
    return new Fault(effect, operation, matching, times, share);
  }

  /** What happens. */
  public sealed interface Effect {

    /** An answer instead of the work. */
    record Status(int status, @Nullable String retryAfter, Body body) implements Effect {
      /** An answer with Webex's usual error body. */
      public static Status of(int status) {
        return new Status(status, null, Body.JSON);
      }

      /** The same with a {@code Retry-After}. */
      public Status retryAfter(String value) {
        return new Status(status, value, body);
      }
    }

    /** The work, after a while. */
    record Delay(Duration by) implements Effect {}

    /** No answer, and no work. */
    record Hang() implements Effect {}

    /** The connection is closed before the work. */
    record Drop() implements Effect {}

    /** The work is done, and the connection closed before the answer. */
    record LoseAnswer() implements Effect {}

    /** An answer as large as this instead of the work. */
    record HugeBody(int bytes) implements Effect {}
  }

  /** What an error's body looks like. */
  public enum Body {
    /** {@code message}, {@code errors} and {@code trackingId}. */
    JSON,
    /** The identity broker's family: {@code error} with keys. */
    KEYED_JSON,
    /** A gateway's page. */
    HTML,
    /** Nothing. */
    NONE
  }
}
