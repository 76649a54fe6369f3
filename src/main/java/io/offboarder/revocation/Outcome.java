package io.offboarder.revocation;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.gate.Answer.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an event ended, or what becomes of it, for security pipelines and auditors. Of one event's
 * outcomes one is final; before it may come that it waits, after it what a second look found.
 *
 * @param decision what was decided about the event, and by which rule
 * @param verification the last list's word; null where there was no list to verify with
 * @param error what went wrong; null if nothing did
 * @param notes what was odd about the event and yet understood, or is worth knowing beside that
 * @param progress when it was due, and which other cases it has to do with
 */
public record Outcome(
    Status status,
    AppliedRule decision,
    EventSummary about,
    List<Revocation> authorizations,
    @Nullable Verification verification,
    @Nullable Problem error,
    List<String> notes,
    Instant completedAt,
    Usage api,
    CaseProgress progress) {

  /** Copies the lists. */
  public Outcome {
    authorizations = List.copyOf(authorizations);
    notes = List.copyOf(notes);
  }

  /** Begins the outcome of an event that was understood. */
  public static OutcomeBuilder of(OffboardingEvent event, RecordCoordinates coordinates) {
    return new OutcomeBuilder(EventSummary.of(event, coordinates), event.notes(), AppliedRule.ACT);
  }

  /** Begins the outcome of an event that was not understood. */
  public static OutcomeBuilder of(Rejected rejected, RecordCoordinates coordinates) {
    return new OutcomeBuilder(
        EventSummary.of(rejected, coordinates), rejected.notes(), AppliedRule.NOT_UNDERSTOOD);
  }

  /** The event's attributes. */
  public EventAttributes event() {
    return about.attributes();
  }

  /** Whom or what the event is about. */
  public Subject subject() {
    return about.subject();
  }

  /** Where the event was read, and when. */
  public RecordCoordinates coordinates() {
    return about.coordinates();
  }

  /** What the outcome's record is keyed by; null if the subject is not known. */
  public @Nullable String key() {
    return subject().key();
  }

  /**
   * From when time to revoke counts: since the event reached Kafka, or was due if that was later. A
   * restart of this program does not begin it again.
   */
  public Instant dueSince() {
    Instant arrivedAt = coordinates().arrivedAt();
    Instant dueAt = progress.dueAt() == null ? about.effectiveAt() : progress.dueAt();
    boolean waited = dueAt != null && dueAt.isAfter(arrivedAt) && !dueAt.isAfter(completedAt);
    return waited ? dueAt : arrivedAt;
  }

  /** How long it took; zero where clocks disagree. */
  public Duration timeToRevoke() {
    Duration taken = Duration.between(dueSince(), completedAt);
    return taken.isNegative() ? Duration.ZERO : taken;
  }

  /** The same for all outcomes of one input record. */
  public String caseId() {
    return coordinates().caseId();
  }

  /** This outcome's own id: that of a final outcome is the case's. */
  public String id() {
    if (status.isFinal()) {
      return caseId();
    }
    String name = caseId() + "/" + status + "/" + progress.look();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Whether access may remain that an event named, so that a person has to look. */
  public boolean needsAttention() {
    return status.needsAttention() || (status == Status.RELOOK && error != null);
  }

  /** The same with one more thing worth knowing. */
  public Outcome noting(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new Outcome(
        status,
        decision,
        about,
        authorizations,
        verification,
        error,
        more,
        completedAt,
        api,
        progress);
  }

  /** The same of a case that has waited until this moment. */
  public Outcome dueAt(Instant dueAt) {
    return new Outcome(
        status,
        decision,
        about,
        authorizations,
        verification,
        error,
        notes,
        completedAt,
        api,
        new CaseProgress(dueAt, progress.look(), progress.related()));
  }

  /**
   * The same as what a look found after the case's end. That the API no longer knows the person is
   * no trouble then.
   *
   * @param look which one, from 1
   * @param dueAt when it was to be taken
   */
  public Outcome foundBy(int look, Instant dueAt) {
    boolean unknown = status == Status.SUBJECT_NOT_FOUND;
    return new Outcome(
        Status.RELOOK,
        decision,
        about,
        authorizations,
        verification,
        unknown ? null : error,
        unknown ? List.of("the API no longer knows the person") : List.of(),
        completedAt,
        api,
        new CaseProgress(dueAt, look, List.of()));
  }

  /** How an event can end, or what can become of it before and after that. */
  public enum Status {
    /** Something was live, and a list proves that all of it is gone but what was spared. */
    REVOKED,
    /** The API accepted to delete an app's authorizations (204); no list can prove it. */
    ACCEPTED,
    /** The first list was empty, or had nothing but what is spared. */
    NOTHING_TO_REVOKE,
    /** Some are gone, some were refused for good. */
    PARTIALLY_REVOKED,
    /** Refused for good. */
    FAILED,
    /** The API does not know the person or the app: not a success. */
    SUBJECT_NOT_FOUND,
    /** The event could not be understood. */
    REJECTED,
    /** A rule says that nothing be done about the event. */
    SKIPPED,
    /** Nothing was done, because it was only asked what would be; the outcome says what. */
    DRY_RUN,
    /** Not final: it is done when its time comes. */
    SCHEDULED,
    /** Not final: it waits for a person to release or to discard it. */
    HELD,
    /** A person said that it be not done. */
    DISCARDED,
    /** It was taken back, or replaced, before it was done. */
    CANCELLED,
    /** It took back what waited. */
    RESCINDED,
    /** It came too late to take anything back, or there never was anything. */
    NOTHING_TO_RESCIND,
    /** Not final, and after the end: what a second look found. */
    RELOOK;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Whether it ends the event's case; of one input record, one outcome does. */
    public boolean isFinal() {
      return this != SCHEDULED && this != HELD && this != RELOOK;
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

  /**
   * The rule that decided what is done about an event.
   *
   * @param code a stable word
   * @param reason for people
   */
  public record AppliedRule(String code, String reason) {
    /** The event is acted on. */
    public static final AppliedRule ACT = new AppliedRule("act", "no rule forbids it");

    /** Nothing is done: the service, or the event, asks what would be. */
    static final AppliedRule DRY_RUN =
        new AppliedRule("dry_run", "it is only asked what would be deleted");

    /** Nothing could be decided. */
    public static final AppliedRule NOT_UNDERSTOOD =
        new AppliedRule("not_understood", "the event could not be understood");
  }

  /** What became of one authorization. */
  public enum Result {
    /** The API deleted it (204). */
    REVOKED,
    /** The API did not have it any more. */
    ALREADY_GONE,
    /** It went with its refresh authorization. */
    REVOKED_WITH_REFRESH,
    /** In a dry run: it would have been deleted, or gone with its refresh authorization. */
    WOULD_BE_REVOKED,
    /** It was left alone, because it, or the person, is protected. */
    SPARED,
    /** An earlier attempt, of which no answer is known, was to delete it; it is not there now. */
    GONE,
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
   * @param trackingId of the delete, or of the refresh authorization's that took this one along; of
   *     one that is gone, as the earlier attempt had noted it
   * @param attempts requests sent to delete it
   * @param problem why it failed or was spared; null otherwise
   */
  public record Revocation(
      Authorization authorization,
      Result result,
      int httpStatus,
      @Nullable String trackingId,
      int attempts,
      Instant at,
      @Nullable String problem) {}

  /**
   * What the end rests on.
   *
   * @param remaining how many were still live, but for the spared
   * @param spared how many were live and left alone
   */
  public record Verification(Instant at, int remaining, int spared, Basis basis) {}

  /** What a verification was read from. */
  public enum Basis {
    /** The last list, which came after the last delete. */
    LIST,
    /** The API no longer knew the person, all of whose authorizations it had deleted. */
    PERSON_UNKNOWN;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
      return word;
    }
  }

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
    public static Problem of(String code, String message) {
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
