package io.offboarder.webex;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How each operation fares for each caller: what tells a request that is poison from an API that
 * fails. Counted by caller, not by request, so that one event with many requests has one voice.
 */
final class Health {

  /** More than the events that are usually in flight; older voices say little anyway. */
  private static final int VOICES = 256;

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

  private record Voice(String caller, boolean fine, long nanos) {}

  /** The latest voices, the oldest of which the next one replaces. */
  private static final class Voices {
    final @Nullable Voice[] ring = new @Nullable Voice[VOICES];
    int next;
  }

  private final Map<Operation, Voices> heard = new EnumMap<>(Operation.class);

  void seen(Operation operation, Caller caller, boolean fine, long now) {
    Voices voices = heard.computeIfAbsent(operation, any -> new Voices());
    voices.ring[voices.next] = new Voice(caller.id(), fine, now);
    voices.next = (voices.next + 1) % VOICES;
  }

  /** What the others have said since, each of them last. */
  Others others(Operation operation, Caller caller, long since) {
    Voices voices = heard.computeIfAbsent(operation, any -> new Voices());
    Set<String> counted = new HashSet<>(Set.of(caller.id()));
    int fine = 0;
    int failing = 0;
    for (int i = 1; i <= VOICES; i++) {
      Voice voice = voices.ring[(voices.next - i + VOICES) % VOICES];
      if (voice == null || voice.nanos() - since < 0) {
        break;
      }
      if (counted.add(voice.caller())) {
        if (voice.fine()) {
          fine++;
        } else {
          failing++;
        }
      }
    }
    return new Others(fine, failing);
  }
}
