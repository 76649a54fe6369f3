package io.offboarder.webex;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How each operation fares for each caller: what tells a request that is poison from an API that
 * fails. Counted by caller, not by request, so that one event with many requests has one voice.
 */
final class Health {

  /** More than the events that are usually in flight; older voices say little anyway. */
  private static final int CALLERS = 128;

  /** How many others an operation answered well and badly. */
  record Others(int fine, int failing) {
    /** The operation works; only for this caller it does not. */
    boolean areFine() {
      return fine > 0 && fine >= 4 * failing;
    }

    /** Few enough that each may be poison on its own; many would be an outage. */
    boolean areFewOrNone() {
      return fine == 0 && failing <= 2;
    }
  }

  private record Seen(boolean fine, long nanos) {}

  private final Map<Operation, LinkedHashMap<String, Seen>> seen = new EnumMap<>(Operation.class);

  void seen(Operation operation, Caller caller, boolean fine, long now) {
    LinkedHashMap<String, Seen> callers =
        seen.computeIfAbsent(operation, any -> new LinkedHashMap<>());
    callers.remove(caller.id());
    callers.put(caller.id(), new Seen(fine, now));
    if (callers.size() > CALLERS) {
      var eldest = callers.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  Others others(Operation operation, Caller caller, long since) {
    int fine = 0;
    int failing = 0;
    Map<String, Seen> callers = seen.getOrDefault(operation, new LinkedHashMap<>());
    for (Map.Entry<String, Seen> entry : callers.entrySet()) {
      if (!entry.getKey().equals(caller.id()) && entry.getValue().nanos() - since >= 0) {
        if (entry.getValue().fine()) {
          fine++;
        } else {
          failing++;
        }
      }
    }
    return new Others(fine, failing);
  }
}
