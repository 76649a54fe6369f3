package io.offboarder.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was asked and what was done. Confined to the sandbox's event loop. */
final class RequestLog {
  private static final int KEPT = 100_000;

  private final Map<Operation, Map<Integer, Integer>> counts = new EnumMap<>(Operation.class);
  private final Deque<SandboxDeletion> deletions = new ArrayDeque<>();
  private int inFlight;
  private int mostInFlight;

  void started() {
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
  }

  void ended() {
    inFlight--;
  }

  void answered(Operation operation, int status) {
    counts.computeIfAbsent(operation, o -> new HashMap<>()).merge(status, 1, Integer::sum);
  }

  void deleted(SandboxDeletion deletion) {
    if (deletions.size() == KEPT) {
      deletions.removeFirst();
    }
    deletions.add(deletion);
  }

  int count(Operation operation) {
    return counts.getOrDefault(operation, Map.of()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  Map<Operation, Map<Integer, Integer>> counts() {
    Map<Operation, Map<Integer, Integer>> copy = new EnumMap<>(Operation.class);
    counts.forEach((operation, byStatus) -> copy.put(operation, Map.copyOf(byStatus)));
    return copy;
  }

  int mostInFlight() {
    return mostInFlight;
  }

  List<SandboxDeletion> deletions() {
    return List.copyOf(deletions);
  }
}
