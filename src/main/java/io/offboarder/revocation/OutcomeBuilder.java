package io.offboarder.revocation;

import io.offboarder.event.DecodeError;
import io.offboarder.revocation.Outcome.AppliedRule;
import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Revocation;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.revocation.Outcome.Usage;
import io.offboarder.revocation.Outcome.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts an outcome together, from what every outcome of an event says. Not thread-safe. */
public final class OutcomeBuilder {
  private final EventSummary about;
  private final List<String> notes;
  private AppliedRule decision;
  private List<Revocation> authorizations = List.of();
  private @Nullable Verification verification;
  private @Nullable Problem error;
  private Usage api = Usage.NONE;
  private CaseProgress progress = CaseProgress.NONE;

  OutcomeBuilder(EventSummary about, List<String> notes, AppliedRule decision) {
    this.about = about;
    this.notes = new ArrayList<>(notes);
    this.decision = decision;
  }

  /** The rule that decided, where it was another than usual. */
  public OutcomeBuilder decision(AppliedRule rule) {
    decision = rule;
    return this;
  }

  /** What became of each authorization. */
  OutcomeBuilder authorizations(List<Revocation> results) {
    authorizations = results;
    return this;
  }

  /** What the end rests on. */
  OutcomeBuilder verification(@Nullable Verification proof) {
    verification = proof;
    return this;
  }

  /** What went wrong, or why nothing was done. */
  public OutcomeBuilder error(@Nullable Problem problem) {
    error = problem;
    return this;
  }

  /** What is wrong with the event. */
  public OutcomeBuilder error(DecodeError wrong) {
    return error(new Problem(wrong.code().toString(), wrong.field(), 0, wrong.message()));
  }

  /** What is worth knowing beside that. */
  public OutcomeBuilder note(String note) {
    notes.add(note);
    return this;
  }

  /** What the event cost. */
  OutcomeBuilder api(Usage usage) {
    api = usage;
    return this;
  }

  /** When it was due, and which other cases it has to do with. */
  public OutcomeBuilder progress(CaseProgress of) {
    progress = of;
    return this;
  }

  /** The outcome. */
  public Outcome build(Status status, Instant completedAt) {
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
        progress);
  }
}
