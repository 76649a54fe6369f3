package io.offboarder.revocation;

import io.offboarder.event.DecodeError;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Subject;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.Outcome.Usage;
import io.offboarder.revocation.Outcome.Verification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts an outcome together, from what every outcome of an event says. Not thread-safe. */
public final class OutcomeBuilder {
  private final RecordCoordinates coordinates;
  private final EventAttributes event;
  private final Subject subject;
  private List<Revocation> authorizations = List.of();
  private @Nullable Verification verification;
  private @Nullable Problem error;
  private Usage api = Usage.NONE;

  OutcomeBuilder(RecordCoordinates coordinates, EventAttributes event, Subject subject) {
    this.coordinates = coordinates;
    this.event = event;
    this.subject = subject;
  }

  /** What became of each authorization. */
  OutcomeBuilder authorizations(List<Revocation> results) {
    authorizations = results;
    return this;
  }

  /** What the last list proved. */
  OutcomeBuilder verification(@Nullable Verification proof) {
    verification = proof;
    return this;
  }

  /** What went wrong. */
  public OutcomeBuilder error(@Nullable Problem problem) {
    error = problem;
    return this;
  }

  /** What is wrong with the event. */
  public OutcomeBuilder error(DecodeError wrong) {
    return error(new Problem(wrong.code().toString(), wrong.field(), 0, wrong.message()));
  }

  /** What the event cost. */
  OutcomeBuilder api(Usage usage) {
    api = usage;
    return this;
  }

  /** The outcome. */
  public Outcome build(Status status, Instant completedAt) {
    return new Outcome(
        status, event, coordinates, subject, authorizations, verification, error, completedAt, api);
  }
}
