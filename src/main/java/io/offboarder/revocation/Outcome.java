package io.offboarder.revocation;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.gate.Answer.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an event ended, for security pipelines and auditors.
 *
 * @param verification the last list's word; null where there was no list to verify with
 * @param error null unless something is to be told
 */
public record Outcome(
    Status status,
    EventAttributes event,
    RecordCoordinates coordinates,
    Subject subject,
    List<Revocation> authorizations,
    @Nullable Verification verification,
    @Nullable Problem error,
    Instant completedAt,
    Usage api) {

  /** Copies the list. */
  public Outcome {
    authorizations = List.copyOf(authorizations);
  }

  /** The outcome of an event that was understood, which is still to be told. */
  public static OutcomeBuilder of(OffboardingEvent event, RecordCoordinates coordinates) {
    return new OutcomeBuilder(coordinates, event.attributes(), event.subject());
  }

  /** The outcome of an event that was not understood. */
  public static Outcome rejected(
      Rejected rejected, RecordCoordinates coordinates, Instant completedAt) {
    return new OutcomeBuilder(coordinates, rejected.attributes(), rejected.subject())
        .error(rejected.error())
        .build(Status.REJECTED, completedAt);
  }

  /** What the outcome's record is keyed by; null if the subject is not known. */
  public @Nullable String key() {
    return subject.key();
  }

  /** The same for all outcomes of one input record. */
  public String caseId() {
    return coordinates.caseId();
  }

  /** This outcome's own id: that of a final outcome is the case's. */
  public String id() {
    return caseId();
  }

  /** How an event can end. */
  public enum Status {
    /** Something was live, and a list after the deletes was empty; of an app, the API said so. */
    REVOKED,
    /** The first list was empty. */
    NOTHING_TO_REVOKE,
    /** Some are gone, some were refused for good. */
    PARTIALLY_REVOKED,
    /** Refused for good. */
    FAILED,
    /** The API does not know the person or the app: not a success. */
    SUBJECT_NOT_FOUND,
    /** The event could not be understood. */
    REJECTED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Whether it ends the event's case; of one input record, one outcome does. */
    public boolean isFinal() {
      return true;
    }

    /** Whether the input is kept on the dead-letter topic. */
    public boolean isDeadLetter() {
      return this == REJECTED || this == FAILED;
    }

    /** Whether access may remain that an event named, so that a person has to look. */
    public boolean needsAttention() {
      return this == PARTIALLY_REVOKED
          || this == FAILED
          || this == SUBJECT_NOT_FOUND
          || this == REJECTED;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** What became of one authorization. */
  public enum Result {
    /** The API deleted it (204). */
    REVOKED,
    /** The API did not have it any more. */
    ALREADY_GONE,
    /** It went with its refresh authorization. */
    REVOKED_WITH_REFRESH,
    /** It is, or may be, live. */
    FAILED;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * One authorization's end. Cisco's audit log names a revocation by authorization id and tracking
   * id alone; this connects both with the person and the app.
   *
   * @param httpStatus of the delete's last answer; 0 if none was asked for or none came
   * @param trackingId of the delete, or of the refresh authorization's that took this one along
   * @param attempts requests sent to delete it
   * @param problem why it failed; null otherwise
   */
  public record Revocation(
      Authorization authorization,
      Result result,
      int httpStatus,
      @Nullable String trackingId,
      int attempts,
      Instant at,
      @Nullable String problem) {}

  /** What the last list showed. */
  public record Verification(Instant at, int remaining) {}

  /**
   * What went wrong.
   *
   * @param field of the event, for a rejected one
   * @param httpStatus of the API's refusal; 0 if there was none
   */
  public record Problem(String code, @Nullable String field, int httpStatus, String message) {

    /** What the API refused. */
    static Problem of(Refusal refusal) {
      return new Problem(refusal.code(), null, refusal.status().code(), refusal.message());
    }

    /** Neither a field of the event nor an answer of the API is to blame. */
    static Problem of(String code, String message) {
      return new Problem(code, null, 0, message);
    }

    /** A fault of this program. */
    static Problem internal() {
      return of("internal_error", "a fault of Offboarder; its log says more");
    }
  }

  /**
   * What the event cost.
   *
   * @param trackingId of the last request; null if there was none
   */
  public record Usage(int requests, int retries, int throttled, @Nullable String trackingId) {
    /** Nothing was asked for. */
    public static final Usage NONE = new Usage(0, 0, 0, null);
  }
}
