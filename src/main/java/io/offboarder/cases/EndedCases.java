package io.offboarder.cases;

import io.offboarder.cases.CaseTable.EndedCase;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rescind takes back and has ended since. It names some and counts the rest: thousands of
 * rescinds of one person's thousands of events would otherwise each keep each. For one thread.
 */
public final class EndedCases {
  private static final int MOST_NAMED = 100;
  private static final String CANCELLED = "cancelled";

  private final String rescindId;
  private final List<EndedCase> cancelled = new ArrayList<>(0);
  private final List<EndedCase> others = new ArrayList<>(0);
  private int unnamed;
  private boolean calledOff;

  EndedCases(String rescindId) {
    this.rescindId = rescindId;
  }

  /** One more has ended; its last end counts. */
  void add(EndedCase one) {
    boolean ours = rescindId.equals(one.end().by());
    boolean wasCancelled = one.end().status().equals(CANCELLED);
    calledOff |= ours && !wasCancelled;
    List<EndedCase> into = ours && wasCancelled ? cancelled : others;
    if (into.size() == MOST_NAMED) {
      into.set(MOST_NAMED - 1, one);
      unnamed++;
      return;
    }
    cancelled.removeIf(other -> other.caseId().equals(one.caseId()));
    others.removeIf(other -> other.caseId().equals(one.caseId()));
    into.add(one);
  }

  /** Those that the rescind itself has cancelled, the latest last. */
  public List<EndedCase> cancelled() {
    return List.copyOf(cancelled);
  }

  /** Those that had ended otherwise, the latest last. */
  public List<EndedCase> others() {
    return List.copyOf(others);
  }

  /** All that are named. */
  List<EndedCase> named() {
    List<EndedCase> named = new ArrayList<>(cancelled);
    named.addAll(others);
    return named;
  }

  /** How many more there were. */
  public int unnamed() {
    return unnamed;
  }

  /** Whether second looks of one that was done are called off by the rescind. */
  public boolean calledOff() {
    return calledOff;
  }
}
