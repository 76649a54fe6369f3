package io.offboarder.stream;

import io.offboarder.stream.StreamFailure.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second instance of the same name from starting: two producers of one transactional id
 * would fence each other for ever.
 *
 * <p>A member of the group that carries our name may also be our own ghost after a crash. A ghost
 * goes when its session ends, and until then nobody gets its partitions anyway; what outlives a
 * session is alive.
 */
final class DuplicateInstanceCheck {
  /** Longer than a session: Kafka's default is 45 s, after which the group's coordinator looks. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(DuplicateInstanceCheck.class);
  private static final Duration STEP = Duration.ofMillis(500);

  private final StreamSettings settings;
  private final KafkaClients clients;
  private final LoopClock clock;
  private final Duration patience;
  private final FailureBackoff failures;

  DuplicateInstanceCheck(
      StreamSettings settings, KafkaClients clients, LoopClock clock, Duration patience) {
    this.settings = settings;
    this.clients = clients;
    this.clock = clock;
    this.patience = patience;
    this.failures = new FailureBackoff("looking for another instance of this name", clock);
  }

  /**
   * Returns when no other member of the group carries this instance's name, or when asked to stop.
   *
   * @throws StreamFailure if one still does after a session's time
   */
  void await(BooleanSupplier stop) {
    Duration deadline = null;
    while (!stop.getAsBoolean()) {
      Optional<String> host = namesake();
      if (host.isEmpty() && failures.reason().isEmpty()) {
        return;
      }
      if (host.isPresent() && deadline == null) {
        deadline = clock.now().plus(patience);
        LOG.warn(
            "Instance id '{}' is taken by a member of group '{}' on {}; waiting up to {} s for it to"
                + " leave, as it will if it crashed",
            settings.instanceId(),
            settings.groupId(),
            host.get(),
            patience.toSeconds());
      }
      if (host.isPresent() && clock.now().compareTo(deadline) >= 0) {
        throw new StreamFailure(
            Reason.NAME_IN_USE,
            "instance id '%s' is in use by another instance of group '%s' on %s; give every instance"
                    .formatted(settings.instanceId(), settings.groupId(), host.get())
                + " an instance id of its own",
            null);
      }
      clock.pause(STEP);
    }
  }

  /** The namesake's host; empty, with trouble, while Kafka does not answer. */
  private Optional<String> namesake() {
    try {
      Optional<String> host = clients.namesake("");
      failures.over();
      return host;
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("looking for another instance of this name", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      return Optional.empty();
    }
  }
}
