package io.offboarder.cases;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A case that waits, without the record that it came in.
 *
 * @param due when something is to be done about it
 * @param since when it came to be in this state
 * @param why it waits, in words
 * @param done what was done already; null where nothing was
 */
public record WaitingCase(
    CaseEvent event, CaseState state, Instant due, Instant since, String why, @Nullable Done done) {

  /** Names the case. */
  public String caseId() {
    return event.caseId();
  }

  /**
   * The end of a case that is to be looked at again.
   *
   * @param status of the final outcome
   * @param at when it was reached
   * @param look which look is next, from 1
   */
  public record Done(String status, Instant at, int look) {}
}
