package io.offboarder.webex;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait: every termination before any decommission, callers of one urgency in turn, a
 * caller's own requests in order. A caller with thousands of requests therefore delays another by
 * one request per turn.
 *
 * <p>Its bound is the callers': each has at most so many requests as it put in and not yet got an
 * answer to, and the number of callers is the number of events in flight.
 */
final class FairQueue<T> {

  private final Map<Caller.Urgency, Map<String, ArrayDeque<T>>> waiting =
      new EnumMap<>(Caller.Urgency.class);
  private int size;

  FairQueue() {
    for (Caller.Urgency urgency : Caller.Urgency.values()) {
      waiting.put(urgency, new LinkedHashMap<>());
    }
  }

  void addLast(Caller caller, T request) {
    of(caller).addLast(request);
    size++;
  }

  /** For a request that was at its turn and could not go through no fault of its own. */
  void addFirst(Caller caller, T request) {
    of(caller).addFirst(request);
    size++;
  }

  private ArrayDeque<T> of(Caller caller) {
    return turns(caller.urgency()).computeIfAbsent(caller.id(), id -> new ArrayDeque<>());
  }

  private Map<String, ArrayDeque<T>> turns(Caller.Urgency urgency) {
    return java.util.Objects.requireNonNull(waiting.get(urgency));
  }

  /** Takes the next in turn. */
  @Nullable T poll() {
    return poll(any -> true);
  }

  /** Takes the next in turn whose caller's first request is wanted; null if there is none. */
  @Nullable T poll(Predicate<T> wanted) {
    for (Map<String, ArrayDeque<T>> turns : waiting.values()) {
      for (var turn = turns.entrySet().iterator(); turn.hasNext(); ) {
        Map.Entry<String, ArrayDeque<T>> caller = turn.next();
        ArrayDeque<T> requests = caller.getValue();
        if (wanted.test(requests.element())) {
          T request = requests.remove();
          turn.remove();
          if (!requests.isEmpty()) {
            turns.put(caller.getKey(), requests);
          }
          size--;
          return request;
        }
      }
    }
    return null;
  }

  int callers() {
    return waiting.values().stream().mapToInt(Map::size).sum();
  }

  int size() {
    return size;
  }

  List<T> removeAll() {
    List<T> all = new ArrayList<>(size);
    for (T next = poll(); next != null; next = poll()) {
      all.add(next);
    }
    return all;
  }
}
