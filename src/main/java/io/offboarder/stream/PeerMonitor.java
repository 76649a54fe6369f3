package io.offboarder.stream;

import io.offboarder.stream.Incarnation.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices at once when the process of another member of the group dies, which the group's
 * coordinator notices only when a session is over; and clears away what the dead one has left.
 *
 * <ol>
 *   <li>Keeps a connection to every other member that answers at its liveness port.
 *   <li>Where one ends and cannot be made again, removes the member, so that its partitions move.
 *   <li>Ends the transaction that an instance which left the group has left open: until then nobody
 *       can read the committed offsets of its partitions, nor any result after it.
 * </ol>
 *
 * <p>All of it only saves time. A member that was never reached is left to its session. One that is
 * removed although it lives joins again; it cannot be reached then, and so is not removed again.
 *
 * <p>Runs a thread of its own, which owns all of its state.
 */
final class PeerMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerMonitor.class);

  /** How often the group is looked at when nothing happens, should a change have been missed. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

  /** A process that dies may close a connection some time before its port. */
  private static final Duration LONGEST_DEATH = Duration.ofSeconds(2);

  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String instanceId;
  private final GroupAdmin admin;
  private final LoopClock clock = LoopClock.system();
  private final PeerConnections connections;
  private final Thread thread;

  /** The memberships that were asked; those that said nothing are asked again. */
  private final Set<String> asked = new HashSet<>();

  /** The members whose connection has ended and could not be made again. */
  private final Set<GroupMember> gone = new HashSet<>();

  /** The instances that were in the group when it was last looked at. */
  private Set<String> present = Set.of();

  /** Instances that left the group, whose transactions may still be open. */
  private final Set<String> departed = new HashSet<>();

  private Duration lookAt = Duration.ZERO;
  private volatile int reached;
  private volatile boolean changed;
  private volatile boolean closed;

  /** Opens the liveness port, any free one if it is 0, and starts watching. */
  PeerMonitor(String instanceId, int livenessPort, GroupAdmin admin) {
    this.instanceId = instanceId;
    this.connections = new PeerConnections(livenessPort);
    this.admin = admin;
    this.thread = new Thread(this::run, "kafka-peers-" + instanceId);
    thread.setDaemon(true);
    thread.start();
  }

  /** This process. From any thread. */
  Incarnation self() {
    return connections.self();
  }

  /** How many other members it is connected to. From any thread. */
  int reached() {
    return reached;
  }

  /** Members of the group came or went. From any thread. */
  void groupChanged() {
    changed = true;
    connections.wakeup();
  }

  private void run() {
    while (!closed) {
      try {
        runOnce();
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.debug("Looking after the other members of the group failed", e);
          clock.pause(RETRY_INTERVAL);
        }
      }
    }
    connections.close();
  }

  /** Waits until something happens, and does what is to be done about it. */
  private void runOnce() throws IOException {
    Duration left = lookAt.minus(clock.now());
    if (changed || left.toMillis() <= 0) {
      look();
    } else {
      connections.await(left).stream().filter(this::isGone).forEach(gone::add);
      if (!gone.isEmpty()) {
        changed = true;
      }
    }
  }

  private boolean isGone(GroupMember peer) {
    Duration deadline = clock.now().plus(LONGEST_DEATH);
    Answer answer = connections.connect(peer);
    while (answer == Answer.SILENT && clock.now().compareTo(deadline) < 0) {
      clock.pause(STEP);
      answer = connections.connect(peer);
    }
    return answer == Answer.GONE || answer == Answer.UNREACHABLE;
  }

  /**
   * Looks who is in the group:
   *
   * <ol>
   *   <li>removes those that are gone;
   *   <li>ends the transactions of those that have left;
   *   <li>connects to those that are new.
   * </ol>
   */
  private void look() {
    lookAt = clock.now().plus(RETRY_INTERVAL);
    changed = false;
    List<GroupMember> members =
        admin.members().stream().filter(one -> !one.instanceId().equals(instanceId)).toList();
    members.stream().filter(gone::contains).forEach(this::remove);
    List<GroupMember> peers = members.stream().filter(one -> !gone.contains(one)).toList();
    gone.clear();
    endTransactions(peers.stream().map(GroupMember::instanceId).collect(Collectors.toSet()));
    lookAt = clock.now().plus(connect(peers) ? INTERVAL : RETRY_INTERVAL);
  }

  private void remove(GroupMember peer) {
    LOG.warn(
        "The process of instance '{}' on {} is gone; removing it from the group",
        peer.instanceId(),
        peer.host());
    admin.remove(peer);
  }

  private void endTransactions(Set<String> instances) {
    departed.addAll(present);
    departed.removeAll(instances);
    present = instances;
    for (String instance : Set.copyOf(departed)) {
      try {
        admin.endTransaction(instance);
      } catch (RetriableException e) {
        throw e;
      } catch (KafkaException e) {
        LOG.debug("The transaction of '{}' is left to its timeout", instance, e);
      }
      departed.remove(instance);
    }
  }

  /** Whether each of them has said whether it lives, or cannot. */
  private boolean connect(List<GroupMember> peers) {
    Set<String> memberships =
        peers.stream().map(GroupMember::membership).collect(Collectors.toSet());
    connections.retain(memberships);
    asked.retainAll(memberships);
    boolean answered = true;
    for (GroupMember peer : peers) {
      if (asked.add(peer.membership()) && connections.connect(peer) == Answer.SILENT) {
        asked.remove(peer.membership());
        answered = false;
      }
    }
    reached = connections.reached();
    return answered;
  }

  /** Closes the liveness port. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
