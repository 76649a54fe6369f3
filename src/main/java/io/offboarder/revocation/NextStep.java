package io.offboarder.revocation;

import io.offboarder.revocation.Outcome.Problem;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.webex.Authorization;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a list calls for, before any of it is done. */
sealed interface NextStep {

  /** These are to be deleted, then the person is listed again. */
  record Delete(List<Authorization> targets) implements NextStep {}

  /**
   * The list lags behind the deletes: it is given this time to catch up, then looked at again.
   *
   * @param again what is deleted once more before that, in case the list does not lag at all
   */
  record LookAgain(Duration pause, List<Authorization> again) implements NextStep {}

  /** Nothing is left to be done. */
  record End(Status status, @Nullable Problem problem) implements NextStep {}
}
