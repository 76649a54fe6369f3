package io.offboarder.webex.gate;

import io.offboarder.webex.http.Operation;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How each operation fares for each caller: what tells a request that is poison from an API that
 * fails. Counted by caller, not by request, so that one event with many requests has one voice.
 */
final class CallerResults {

  /** More than the events that are usually in flight; older voices say little anyway. */
  private static final int VOICES = 256;

  /** How many others an operation answered well and badly. */
  record PeerResults(int fine, int failing) {
    /** The operation works; only for this caller it does not. */
    boolean areFine() {
      return fine > 0 && fine >= 4 * failing;
    }

    /** Few enough that each may be poison on its own; many would be an outage. */
    boolean areFewOrNone() {
      return fine == 0 && failing <= 2;
    }
  }

  private record Sample(String caller, boolean fine, long nanos) {}

  /** The latest voices, the oldest of which the next one replaces. */
  private static final class Samples {
    final @Nullable Sample[] ring = new @Nullable Sample[VOICES];
    int next;
  }

  private final Map<Operation, Samples> heard = new EnumMap<>(Operation.class);

  void record(Operation operation, RequestContext caller, boolean fine, long now) {
    Samples samples = heard.computeIfAbsent(operation, any -> new Samples());
    samples.ring[samples.next] = new Sample(caller.id(), fine, now);
    samples.next = (samples.next + 1) % VOICES;
  }

  /** What the others have said since, each of them last. */
  PeerResults ofPeers(Operation operation, RequestContext caller, long since) {
    Samples samples = heard.computeIfAbsent(operation, any -> new Samples());
    Set<String> counted = new HashSet<>(Set.of(caller.id()));
    int fine = 0;
    int failing = 0;
    for (int i = 1; i <= VOICES; i++) {
      Sample sample = samples.ring[(samples.next - i + VOICES) % VOICES];
      if (sample == null || sample.nanos() - since < 0) {
        break;
      }
      if (counted.add(sample.caller())) {
        if (sample.fine()) {
          fine++;
        } else {
          failing++;
        }
      }
    }
    return new PeerResults(fine, failing);
  }
}
