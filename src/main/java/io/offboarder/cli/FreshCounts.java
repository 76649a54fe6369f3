package io.offboarder.cli;

import io.offboarder.cases.WaitingCase;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.revocation.Outcome.Revocation;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many authorizations each case would delete now, by the app's name, as lists say at this
 * moment. Of an app's decommission no list tells.
 */
record FreshCounts(Map<String, SortedMap<String, Integer>> byCase) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Asks the API for lists alone, for one case after another.
   *
   * @throws CommandFailure if the API does not answer in time
   */
  static FreshCounts of(
      WaitingCases cases, List<WaitingCase> chosen, OffboarderConfig settings, Clock clock) {
    Map<String, SortedMap<String, Integer>> byCase = new LinkedHashMap<>();
    Vertx vertx = Vertx.vertx();
    try {
      DryRun dryRun = new DryRun(vertx, settings, clock, PATIENCE);
      for (WaitingCase one : chosen) {
        if (cases.record(one).event() instanceof UserTerminated event) {
          SortedMap<String, Integer> counts = new TreeMap<>();
          for (Revocation live : dryRun.of(event).authorizations()) {
            if (live.result() == Result.WOULD_BE_REVOKED) {
              counts.merge(app(live), 1, Integer::sum);
            }
          }
          byCase.put(one.caseId(), counts);
        }
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    return new FreshCounts(byCase);
  }

  private static String app(Revocation live) {
    String name = live.authorization().applicationName();
    return name == null || name.isBlank() ? "(without a name)" : name;
  }

  /** Of one case, such as {@code 3: Slides ×2, Notes ×1}. */
  String of(WaitingCase one) {
    SortedMap<String, Integer> counts = byCase.get(one.caseId());
    return counts == null ? "not known" : words(counts);
  }

  /** Of all cases together. */
  String total() {
    SortedMap<String, Integer> total = new TreeMap<>();
    byCase
        .values()
        .forEach(one -> one.forEach((app, count) -> total.merge(app, count, Integer::sum)));
    return words(total);
  }

  private static String words(SortedMap<String, Integer> counts) {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    return all == 0
        ? "0"
        : all
            + ": "
            + counts.entrySet().stream()
                .map(one -> one.getKey() + " ×" + one.getValue())
                .collect(Collectors.joining(", "));
  }
}
