package io.offboarder.webex;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
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

  /** More than the events that are usually in flight; who is forgotten only loses a head start. */
  private static final int REMEMBERED = 4096;

  private record Turns<T>(Map<String, ArrayDeque<T>> begun, Map<String, ArrayDeque<T>> others) {
    Turns() {
      this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    @Nullable ArrayDeque<T> of(String caller) {
      ArrayDeque<T> requests = begun.get(caller);
      return requests == null ? others.get(caller) : requests;
    }
  }

  private final Map<Caller.Urgency, Turns<T>> waiting = new EnumMap<>(Caller.Urgency.class);
  private final LinkedHashMap<String, Integer> taken = new LinkedHashMap<>();
  private int size;

  FairQueue() {
    for (Caller.Urgency urgency : Caller.Urgency.values()) {
      waiting.put(urgency, new Turns<>());
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
    Turns<T> turns = Objects.requireNonNull(waiting.get(caller.urgency()));
    ArrayDeque<T> requests = turns.of(caller.id());
    if (requests == null) {
      requests = new ArrayDeque<>();
      inTurn(turns, caller.id()).put(caller.id(), requests);
    }
    return requests;
  }

  private Map<String, ArrayDeque<T>> inTurn(Turns<T> turns, String caller) {
    int before = taken.getOrDefault(caller, 0);
    return before > 0 && before < HEAD_START ? turns.begun() : turns.others();
  }

  /** Takes the next in turn. */
  @Nullable T poll() {
    return poll(any -> true);
  }

  /** Takes the next in turn whose caller's first request is wanted; null if there is none. */
  @Nullable T poll(Predicate<T> wanted) {
    for (Turns<T> turns : waiting.values()) {
      T request = poll(turns, turns.begun(), wanted);
      request = request == null ? poll(turns, turns.others(), wanted) : request;
      if (request != null) {
        return request;
      }
    }
    return null;
  }

  private @Nullable T poll(
      Turns<T> turns, Map<String, ArrayDeque<T>> callers, Predicate<T> wanted) {
    for (var turn = callers.entrySet().iterator(); turn.hasNext(); ) {
      Map.Entry<String, ArrayDeque<T>> caller = turn.next();
      String id = caller.getKey();
      ArrayDeque<T> requests = caller.getValue();
      if (wanted.test(requests.element())) {
        T request = requests.remove();
        turn.remove();
        remember(id);
        if (!requests.isEmpty()) {
          inTurn(turns, id).put(id, requests);
        }
        size--;
        return request;
      }
    }
    return null;
  }

  private void remember(String caller) {
    Integer before = taken.remove(caller);
    taken.put(caller, before == null ? 1 : Math.min(before + 1, HEAD_START));
    if (taken.size() > REMEMBERED) {
      var eldest = taken.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  int callers() {
    return waiting.values().stream()
        .mapToInt(turns -> turns.begun().size() + turns.others().size())
        .sum();
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
