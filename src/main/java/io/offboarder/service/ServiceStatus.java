package io.offboarder.service;

import io.offboarder.commands.Pause;
import io.offboarder.guard.GuardState;
import io.offboarder.protection.ProtectedFile;
import io.offboarder.stream.StreamStatus;
import io.offboarder.webex.gate.GateStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a service stands; an immutable snapshot, but for the protected file, which shows itself.
 *
 * @param stream what the engine does; null before the service is started
 * @param sinceStreamAlive how long ago the engine's threads were last seen alive; zero before the
 *     service is started
 * @param gate how the way to the API stands; null before the service is started
 * @param credentialsExpire when the credential that nothing renews expires; null while not known
 * @param protectedFile who and what is protected; null where no file says
 * @param eventsHeld events that wait because the API names one person for several addresses
 * @param eventsWaitingForMemory events that wait because all together hold as many authorizations
 *     as they may
 * @param pause who has paused the group; null while nobody has
 * @param guard which bounds have tripped and wait for a person
 * @param cases how what waits stands
 * @param schemasAwaited whether records wait because a schema registry does not answer
 */
public record ServiceStatus(
    @Nullable StreamStatus stream,
    Duration sinceStreamAlive,
    @Nullable GateStatus gate,
    @Nullable Instant credentialsExpire,
    @Nullable ProtectedFile protectedFile,
    int eventsHeld,
    int eventsWaitingForMemory,
    @Nullable Pause pause,
    GuardState guard,
    CaseStatus cases,
    boolean schemasAwaited) {

  /** The status before the service is started. */
  static final ServiceStatus NOT_STARTED =
      new ServiceStatus(
          null,
          Duration.ZERO,
          null,
          null,
          null,
          0,
          0,
          null,
          GuardState.NONE,
          CaseStatus.NONE,
          false);
}
