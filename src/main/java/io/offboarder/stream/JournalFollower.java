package io.offboarder.stream;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that follows the journal, until the engine is done: what finishes before that may wait
 * for the journal. Its methods are for the engine's thread.
 */
final class JournalFollower {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFollower.class);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

  private final StreamLoop loop;
  private final Thread thread;
  private volatile boolean stopping;

  JournalFollower(StreamLoop loop, String name) {
    this.loop = loop;
    this.thread = new Thread(this::run, name);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      if (!loop.followJournal()) {
        LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
      }
    }
    // What closes the clients is not to be called off.
    Thread.interrupted();
    try {
      loop.closeJournalTail();
    } catch (InterruptException e) {
      LOG.debug("The journal's readers did not close in time; Kafka closes them", e);
    }
  }

  /** Has it close its readers, which takes a moment. */
  void stop() {
    stopping = true;
    loop.wakeJournalTail();
  }

  /** Waits for its end, and calls it off where that takes longer than this. */
  void await(Duration moment) {
    try {
      thread.join(moment.toMillis());
      thread.interrupt();
      thread.join(moment.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
