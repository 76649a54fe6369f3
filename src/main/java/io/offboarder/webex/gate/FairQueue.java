package io.offboarder.webex.gate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait: every termination before any decommission, callers of one urgency in turn, a
 * caller's own requests in order. A caller with thousands of requests therefore delays another by
 * one request per turn.
 *
 * <p>Callers that have begun go before those that have not, for their first {@value #HEAD_START}
 * requests, which is all that most need. With everybody strictly in turn, a backlog's first delete
 * would wait until all events in flight were listed, and a crash would leave that many half done.
 *
 * <p>Its bound is the callers': each has at most so many requests as it put in and not yet got an
 * answer to, and the number of callers is the number of events in flight.
 */
final class FairQueue<T> {

  private static final int HEAD_START = 16;

  /**
   * More than the events that are usually in flight; a forgotten caller only loses a head start.
   */
  private static final int REMEMBERED = 4096;

  /** A caller's requests that wait, and how many were taken before. */
  private static final class CallerQueue<T> {
    final ArrayDeque<T> requests = new ArrayDeque<>(1);
    int taken;

    boolean hasHeadStart() {
      return taken > 0 && taken < HEAD_START;
    }
  }

  /** The lines of one urgency that are not empty, in turn. */
  private record RoundRobin<T>(
      ArrayDeque<CallerQueue<T>> begun, ArrayDeque<CallerQueue<T>> others) {
    void add(CallerQueue<T> callerQueue) {
      (callerQueue.hasHeadStart() ? begun : others).add(callerQueue);
    }
  }

  private final Map<RequestContext.Priority, RoundRobin<T>> waiting =
      new EnumMap<>(RequestContext.Priority.class);

  /** By caller, those that have asked for something longest ago first. */
  private final LinkedHashMap<String, CallerQueue<T>> lines = new LinkedHashMap<>(256, 0.75f, true);

  private int size;

  FairQueue() {
    for (RequestContext.Priority priority : RequestContext.Priority.values()) {
      waiting.put(priority, new RoundRobin<>(new ArrayDeque<>(), new ArrayDeque<>()));
    }
  }

  void addLast(RequestContext caller, T request) {
    inTurn(caller).addLast(request);
    size++;
  }

  /** Puts back a request whose turn it was, but which something else kept from being sent. */
  void addFirst(RequestContext caller, T request) {
    inTurn(caller).addFirst(request);
    size++;
  }

  private ArrayDeque<T> inTurn(RequestContext caller) {
    CallerQueue<T> callerQueue = lines.computeIfAbsent(caller.id(), id -> new CallerQueue<>());
    if (callerQueue.requests.isEmpty()) {
      Objects.requireNonNull(waiting.get(caller.priority())).add(callerQueue);
      forgetEldest();
    }
    return callerQueue.requests;
  }

  private void forgetEldest() {
    if (lines.size() > REMEMBERED) {
      String eldest = lines.keySet().iterator().next();
      CallerQueue<T> callerQueue =
          Objects.requireNonNull(lines.get(eldest)); // Which makes it the youngest.
      if (callerQueue.requests.isEmpty()) {
        lines.remove(eldest);
      }
    }
  }

  /** Takes the next in turn. */
  @Nullable T poll() {
    return poll(any -> true);
  }

  /** Takes the next in turn whose caller's first request is wanted; null if there is none. */
  @Nullable T poll(Predicate<T> wanted) {
    for (RoundRobin<T> roundRobin : waiting.values()) {
      T request = poll(roundRobin, roundRobin.begun().iterator(), wanted);
      request =
          request == null ? poll(roundRobin, roundRobin.others().iterator(), wanted) : request;
      if (request != null) {
        return request;
      }
    }
    return null;
  }

  /** As {@link #poll(Predicate)}, but from the caller that came last. */
  @Nullable T pollNewest(Predicate<T> wanted) {
    for (RoundRobin<T> roundRobin : waiting.values()) {
      T request = poll(roundRobin, roundRobin.others().descendingIterator(), wanted);
      request =
          request == null
              ? poll(roundRobin, roundRobin.begun().descendingIterator(), wanted)
              : request;
      if (request != null) {
        return request;
      }
    }
    return null;
  }

  private @Nullable T poll(
      RoundRobin<T> roundRobin, Iterator<CallerQueue<T>> turn, Predicate<T> wanted) {
    while (turn.hasNext()) {
      CallerQueue<T> callerQueue = turn.next();
      if (wanted.test(callerQueue.requests.element())) {
        turn.remove();
        T request = callerQueue.requests.remove();
        callerQueue.taken = Math.min(callerQueue.taken + 1, HEAD_START);
        if (!callerQueue.requests.isEmpty()) {
          roundRobin.add(callerQueue);
        }
        size--;
        return request;
      }
    }
    return null;
  }

  /** Takes out every request that a condition holds for. */
  List<T> removeIf(Predicate<T> condition) {
    List<T> removed = new ArrayList<>();
    for (RoundRobin<T> roundRobin : waiting.values()) {
      for (ArrayDeque<CallerQueue<T>> inTurn : List.of(roundRobin.begun(), roundRobin.others())) {
        inTurn.removeIf(
            callerQueue -> {
              callerQueue.requests.removeIf(one -> condition.test(one) && removed.add(one));
              return callerQueue.requests.isEmpty();
            });
      }
    }
    size -= removed.size();
    return removed;
  }

  int callers() {
    int callers = 0;
    for (RoundRobin<T> roundRobin : waiting.values()) {
      callers += roundRobin.begun().size() + roundRobin.others().size();
    }
    return callers;
  }

  int size() {
    return size;
  }
}
