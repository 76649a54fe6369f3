package io.offboarder.webex.gate;

import io.offboarder.webex.http.Operation;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  /** As many as events are in flight; one that is forgotten counts as one that never failed. */
  private static final int FAILING = 1024;

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

    /** When each caller that fails failed first; bounded, the ones that failed last are kept. */
    final Map<String, Long> failingSince =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > FAILING;
          }
        };
  }

  private final Map<Operation, Samples> heard = new EnumMap<>(Operation.class);

  void record(Operation operation, RequestContext caller, boolean fine, long now) {
    Samples samples = heard.computeIfAbsent(operation, any -> new Samples());
    samples.ring[samples.next] = new Sample(caller.id(), fine, now);
    samples.next = (samples.next + 1) % VOICES;
    if (fine) {
      samples.failingSince.remove(caller.id());
    } else {
      samples.failingSince.putIfAbsent(caller.id(), now);
    }
  }

  /** A caller does well that failed before; what it says of the operation is not counted. */
  void recovered(Operation operation, RequestContext caller) {
    Samples samples = heard.get(operation);
    if (samples != null) {
      samples.failingSince.remove(caller.id());
    }
  }

  /** Whether any operation fails for this caller. */
  boolean isFailing(RequestContext caller) {
    return heard.values().stream()
        .anyMatch(samples -> samples.failingSince.containsKey(caller.id()));
  }

  /** Whether the operation succeeded for others since it first failed for this caller. */
  boolean failsAlone(Operation operation, RequestContext caller) {
    Samples samples = heard.get(operation);
    Long since = samples == null ? null : samples.failingSince.get(caller.id());
    return since != null && ofPeers(operation, caller, since).fine() > 0;
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
