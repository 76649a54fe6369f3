package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Announcement;
import io.offboarder.stream.JournalEntry.Note;
import io.offboarder.stream.JournalEntry.WorkId;
import io.offboarder.stream.JournalTail.Restoring;
import io.offboarder.stream.JournalWriter.Place;
import io.offboarder.stream.WorkContext.Noted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the journal. A note is taken on the executor and appended on a thread of its own; it is
 * answered on the executor again, once it is durable and was read back, in the journal's order, as
 * one that counts. What could not be appended is appended again, after a back-off, from the Kafka
 * thread.
 */
final class Journal {
  private final JournalWriter writer;
  private final JournalTail tail;
  private final Executor thread;
  private final Executor executor;
  private final LoopClock clock;
  private final StreamListener listener;
  private final String name;
  private final FailureBackoff failures;

  /** Of the executor: the notes that wait for their answer, by sequence number. */
  private final Map<Long, PendingNote> pending = new HashMap<>();

  private long sequence;

  /** From any thread to the Kafka thread. */
  private final Queue<Failed> failed = new ConcurrentLinkedQueue<>();

  private final AtomicLong appends = new AtomicLong();

  /** Whether records wait for room; written by the Kafka thread alone. */
  private volatile boolean backlog;

  /** Of the Kafka thread. */
  private final List<Append> again = new ArrayList<>();

  private long appendsSeen;

  private record Failed(Append append, Exception cause) {}

  /**
   * A journal.
   *
   * @param name of this engine's run
   */
  Journal(
      String name,
      JournalWriter writer,
      JournalTail tail,
      LoopThreads threads,
      LoopClock clock,
      StreamListener listener) {
    this.name = name;
    this.writer = writer;
    this.tail = tail;
    this.thread = threads.journal();
    this.executor = threads.work();
    this.clock = clock;
    this.listener = listener;
    this.failures = new FailureBackoff("writing the journal", clock);
  }

  /** What is to be appended. */
  private abstract static class Append {
    abstract JournalEntry entry();

    /** It is durable; on any thread. */
    abstract void appended(Place place);

    /** It can never be appended; on any thread. */
    abstract void refused(Exception cause);

    /** Whether its owner has no use for it any more; on the Kafka thread. */
    abstract boolean isObsolete();
  }

  private final class PendingNote extends Append {
    private final Note note;
    private final Partition partition;
    private final Duration began = clock.now();
    private final Promise<Noted> answer = Promise.promise();
    private @Nullable Place place;
    private boolean counts;
    private boolean mayGo;

    PendingNote(Note note, Partition partition) {
      this.note = note;
      this.partition = partition;
    }

    @Override
    JournalEntry entry() {
      return note;
    }

    @Override
    void appended(Place at) {
      executor.execute(
          () -> {
            place = at;
            conclude();
          });
    }

    /** It was read back; on the executor. */
    void readBack(boolean asOneThatCounts, boolean toGo) {
      if (asOneThatCounts) {
        mayGo = counts ? mayGo : toGo;
        counts = true;
        conclude();
      } else {
        fail(new IllegalStateException("another instance has claimed " + partition.id()));
      }
    }

    private void conclude() {
      if (place != null && counts && pending.remove(note.sequence()) != null) {
        listener.noted(clock.now().minus(began));
        answer.complete(new Noted(place.offset(), place.at(), mayGo));
      }
    }

    @Override
    void refused(Exception cause) {
      executor.execute(() -> fail(cause));
    }

    private void fail(Exception cause) {
      if (pending.remove(note.sequence()) != null) {
        answer.fail(cause);
      }
    }

    @Override
    boolean isObsolete() {
      return partition.isGone();
    }
  }

  private final class PendingClaim extends Append {
    private final Restoring restoring;

    PendingClaim(Restoring restoring) {
      this.restoring = restoring;
    }

    @Override
    JournalEntry entry() {
      return restoring.claim(name);
    }

    @Override
    void appended(Place at) {
      tail.restore(restoring, at.offset());
    }

    @Override
    void refused(Exception cause) {
      // The engine is closing: a claim has a size that every topic takes.
    }

    @Override
    boolean isObsolete() {
      return false;
    }
  }

  private final class PendingAnnouncement extends Append {
    private final byte[] value;
    private final Promise<Void> durable = Promise.promise();

    PendingAnnouncement(byte[] value) {
      this.value = value;
    }

    @Override
    JournalEntry entry() {
      return new Announcement(name, value);
    }

    @Override
    void appended(Place at) {
      durable.tryComplete();
    }

    @Override
    void refused(Exception cause) {
      durable.tryFail(cause);
    }

    @Override
    boolean isObsolete() {
      return false;
    }
  }

  /** Where the journal is known to have ended. From any thread. */
  long end() {
    return tail.knownEnd();
  }

  /** Appends a note of work that runs; on the executor, where it is answered too. */
  Future<Noted> note(InFlightWork work, byte[] value) {
    WorkId id = work.id();
    Partition partition = work.partition();
    Note note = new Note(name, sequence++, id, partition.notes().claim(), value);
    PendingNote append = new PendingNote(note, partition);
    pending.put(note.sequence(), append);
    send(append);
    return append.answer.future();
  }

  /**
   * Appends what a judge says; from any thread. While the journal cannot be reached it waits.
   *
   * @return completes on any thread, once it is durable
   */
  Future<Void> announce(byte[] value) {
    PendingAnnouncement append = new PendingAnnouncement(value);
    send(append);
    return append.durable.future();
  }

  /** The tail has read a note of this engine; from the tail's thread. */
  void readBack(Note note, boolean counts, boolean mayGo) {
    executor.execute(
        () -> {
          PendingNote waiting = pending.get(note.sequence());
          if (waiting != null) {
            waiting.readBack(counts, mayGo);
          }
        });
  }

  /** Claims partitions; the tail then reads what was noted of them before. */
  void claim(Restoring restoring) {
    send(new PendingClaim(restoring));
  }

  private void send(Append append) {
    try {
      thread.execute(
          () ->
              writer.append(
                  append.entry(), backlog, (place, failure) -> ended(append, place, failure)));
    } catch (RejectedExecutionException closed) {
      append.refused(closed);
    }
  }

  private void ended(Append append, @Nullable Place place, @Nullable Exception failure) {
    if (place != null) {
      tail.appended(place.offset());
      appends.incrementAndGet();
      append.appended(place);
    } else if (failure instanceof RecordTooLargeException) {
      append.refused(failure);
    } else {
      failed.add(new Failed(append, failure == null ? new IllegalStateException() : failure));
    }
  }

  /**
   * Appends again what could not be appended, if it is time to; on the Kafka thread.
   *
   * @param crowded whether records wait for room, so that notes may gather
   * @throws StreamFailure if waiting does not heal it
   */
  void turn(boolean crowded) {
    backlog = crowded;
    for (Failed next = failed.poll(); next != null; next = failed.poll()) {
      StreamFailure fatal = KafkaErrors.failure("writing the journal", next.cause());
      if (fatal != null) {
        throw fatal;
      }
      failures.failed(next.cause());
      again.add(next.append());
    }
    if (appends.get() != appendsSeen && again.isEmpty()) {
      failures.over();
    }
    appendsSeen = appends.get();
    if (!again.isEmpty() && !failures.isBackingOff()) {
      for (Append append : again) {
        if (append.isObsolete()) {
          append.refused(new IllegalStateException("its partition was given up"));
        } else {
          send(append);
        }
      }
      again.clear();
    }
  }

  /** Closes the writer, when the thread that appends has come to rest. */
  void close() {
    writer.close();
  }

  /** For how long nothing could be appended; zero if it could. On the Kafka thread. */
  Duration failingFor() {
    return failures.lasts();
  }

  /** What stands in the way of writing, in words; empty if nothing does. On the Kafka thread. */
  String problem() {
    return failures.reason();
  }
}
