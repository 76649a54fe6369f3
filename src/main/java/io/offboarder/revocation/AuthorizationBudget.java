package io.offboarder.revocation;

import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.RequestCancelledException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many authorizations all events together hold in memory, however many the API lists.
 *
 * <p>Each event may hold {@value #FREE} in any case, so an event about an ordinary person never
 * waits. What it holds beyond that counts until the outcomes of its record are published. Where
 * there is no room for all of a list, the list is dropped, and the event waits for more room before
 * it lists again. Nothing is deleted by a part of a list, because what goes along with a refresh
 * authorization has to be written down first.
 *
 * <p>One record at a time may exceed the bound, up to a bound of its own. So there is always one
 * that comes to its end and gives back what it holds. It is a record, not an event, because the
 * outcomes of a record's events are published together.
 *
 * <p>Confined to the flow's event loop, but for {@link #waiting()}.
 */
final class AuthorizationBudget {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorizationBudget.class);

  /** More than most people have. */
  static final int FREE = 32;

  /** The least that an event waits for; where that is too little, it waits for twice as much. */
  static final int LEAST = 500;

  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final int max;
  private final int mostOfRecord;
  private final Executor loop;

  /** Records that hold more than is free, by the future that completes at their end. */
  private final IdentityHashMap<Future<?>, RecordTotal> records = new IdentityHashMap<>();

  /** Events that wait for room. Empty while no record exceeds the bound. */
  private final WaitingEvents<Wish> waiting;

  /** The record that may exceed the bound. */
  private @Nullable RecordTotal exempt;

  private int taken;
  private long nextLineAt = System.nanoTime();

  private record Wish(Holding holding, int more) {}

  /** What one record holds beyond what is free. */
  private static final class RecordTotal {
    private int taken;
  }

  /**
   * A budget of which nothing is taken.
   *
   * @param max what all events may hold beyond what each may in any case
   * @param mostOfRecord what those of one record may
   * @param loop the flow's event loop
   * @param timer completes on that loop when this long has passed
   */
  AuthorizationBudget(
      int max, int mostOfRecord, Executor loop, Function<Duration, Future<?>> timer) {
    this.max = max;
    this.mostOfRecord = mostOfRecord;
    this.loop = loop;
    this.waiting = new WaitingEvents<>(loop, timer, this::report);
  }

  /** How many events wait for room. From any thread. */
  int waiting() {
    return waiting.count();
  }

  /** How many are held beyond what is free. */
  int taken() {
    return taken;
  }

  /**
   * What an event will hold; nothing yet.
   *
   * @param released completes, on any thread, once nothing is held for the event's record any more;
   *     the same for all events of a record
   */
  Holding open(Future<?> released) {
    return new Holding(released);
  }

  /** What one event holds: the authorizations that it keeps, and the list that it reads. */
  final class Holding {
    private final Future<?> released;
    private @Nullable RecordTotal record;
    private int kept;
    private int read;
    private int taken;
    private boolean cut;

    private Holding(Future<?> released) {
      this.released = released;
    }

    /**
     * A list begins: completes once there is room for it, which is at once unless the last one was
     * cut. Fails with a {@link RequestCancelledException} where the event is no longer wanted.
     */
    Future<Void> room(Cancellation cancellation) {
      if (!cut) {
        return Future.succeededFuture();
      }
      cut = false;
      int more = Math.max(LEAST, 2 * read);
      keeps(kept);
      return takeUpTo(this, more) ? Future.succeededFuture() : enqueue(this, more, cancellation);
    }

    /**
     * Whether so many of the list that is being read may be held, beside what is kept. What is free
     * always may, and a list ends where its record holds all that one may.
     */
    boolean mayRead(int count) {
      int more = kept + count - FREE - taken;
      if (count <= FREE || more <= 0 || take(this, more)) {
        read = count;
        return true;
      }
      cut = record().taken + more <= mostOfRecord;
      return false;
    }

    /** Whether the last list was longer than there was room for; it is of no use. */
    boolean isCut() {
      return cut;
    }

    /** Of what was listed, so many are kept. */
    void keeps(int count) {
      kept = count;
      int more = Math.max(0, count - FREE) - taken;
      if (more > 0) {
        add(this, more);
      } else {
        giveBack(-more);
      }
    }

    /** The event ended without an outcome. */
    void close() {
      giveBack(taken);
    }

    private void giveBack(int less) {
      if (less > 0) {
        add(this, -less);
        grant();
      }
    }

    private RecordTotal record() {
      if (record == null) {
        record = recordOf(released);
      }
      return record;
    }
  }

  private RecordTotal recordOf(Future<?> released) {
    RecordTotal known = records.get(released);
    if (known != null) {
      return known;
    }
    RecordTotal begun = new RecordTotal();
    records.put(released, begun);
    released.onComplete(done -> loop.execute(() -> release(released, begun)));
    return begun;
  }

  private void release(Future<?> released, RecordTotal record) {
    records.remove(released);
    taken -= record.taken;
    record.taken = 0;
    if (exempt == record) {
      exempt = null;
    }
    grant();
  }

  private boolean take(Holding holding, int more) {
    RecordTotal record = holding.record();
    if (more > 0 && record.taken + more > mostOfRecord) {
      return false;
    }
    if (record != exempt && taken + more > max) {
      if (exempt != null) {
        return false;
      }
      exempt = record;
    }
    add(holding, more);
    return true;
  }

  private void add(Holding holding, int more) {
    holding.taken += more;
    holding.record().taken += more;
    taken += more;
  }

  /** Takes what is wanted, or all that is left for its record. */
  private boolean takeUpTo(Holding holding, int wanted) {
    int left = Math.max(0, mostOfRecord - holding.record().taken);
    return take(holding, Math.min(wanted, left));
  }

  private Future<Void> enqueue(Holding holding, int more, Cancellation cancellation) {
    Future<Void> room = waiting.add(new Wish(holding, more), cancellation);
    report();
    return room;
  }

  private void report() {
    long now = System.nanoTime();
    if (now - nextLineAt >= 0) {
      nextLineAt = now + BETWEEN_LINES.toNanos();
      LOG.warn(
          "All events together hold as many authorizations as they may"
              + " (webex.max-authorizations-in-memory is {}): {} events with long lists wait until"
              + " others have ended",
          max,
          waiting.count());
    }
  }

  /** Gives room in the order in which it was asked for; a small wish may pass larger ones. */
  private void grant() {
    waiting.grant(wish -> takeUpTo(wish.holding(), wish.more()));
  }
}
