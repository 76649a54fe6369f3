package io.offboarder.cases;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cases that wait, found by their id, by what they are about and by where they came from, in the
 * topic's order. For one thread.
 */
final class CaseIndex {
  private final Map<String, CaseEntry> byId = new LinkedHashMap<>();

  /** Of each key, in the topic's order; a set where there are several, however many. */
  private final Map<String, Collection<CaseEntry>> byKey = new HashMap<>();

  /** Of each partition of the input, in the topic's order. */
  private final Map<Source, Set<CaseEntry>> bySource = new HashMap<>();

  private final Map<CaseState, Integer> counts = new EnumMap<>(CaseState.class);

  /** A partition of the input. */
  private record Source(String topic, int partition) {
    static Source of(CaseEntry entry) {
      return new Source(entry.event().input().topic(), entry.event().input().partition());
    }
  }

  /** Adds a case, of which none may be here under the same id. */
  void add(CaseEntry entry) {
    byId.put(entry.waiting.caseId(), entry);
    entry.event().keys().forEach(key -> index(key, entry));
    bySource.computeIfAbsent(Source.of(entry), source -> new LinkedHashSet<>()).add(entry);
    counts.merge(entry.waiting.state(), 1, Integer::sum);
  }

  /** Null where none waits under this id. */
  @Nullable CaseEntry remove(String caseId) {
    CaseEntry entry = byId.remove(caseId);
    if (entry != null) {
      entry.event().keys().forEach(key -> unindex(key, entry));
      bySource.computeIfPresent(
          Source.of(entry),
          (source, all) -> {
            all.remove(entry);
            return all.isEmpty() ? null : all;
          });
      counts.merge(entry.waiting.state(), -1, Integer::sum);
    }
    return entry;
  }

  private void index(String key, CaseEntry entry) {
    byKey.merge(
        key,
        List.of(entry),
        (before, one) -> {
          Collection<CaseEntry> all =
              before instanceof LinkedHashSet ? before : new LinkedHashSet<>(before);
          all.add(entry);
          return all;
        });
  }

  private void unindex(String key, CaseEntry entry) {
    byKey.computeIfPresent(
        key,
        (k, entries) -> {
          if (entries instanceof LinkedHashSet) {
            entries.remove(entry);
            return entries.isEmpty() ? null : entries;
          }
          return entries.contains(entry) ? null : entries;
        });
  }

  /** All that may be about the same, itself aside, in the topic's order. */
  Stream<CaseEntry> alike(CaseEvent event) {
    List<Collection<CaseEntry>> found = new ArrayList<>();
    for (String key : event.keys()) {
      Collection<CaseEntry> entries = byKey.getOrDefault(key, List.of());
      if (entries.size() > 1 || entries.stream().anyMatch(one -> isAnother(one, event))) {
        found.add(entries);
      }
    }
    Stream<CaseEntry> all =
        found.size() < 2
            ? found.stream().flatMap(Collection::stream)
            : found.stream()
                .flatMap(Collection::stream)
                .distinct()
                .sorted(Comparator.comparingLong(entry -> entry.offset));
    return all.filter(one -> isAnother(one, event));
  }

  private static boolean isAnother(CaseEntry entry, CaseEvent event) {
    return !entry.event().caseId().equals(event.caseId());
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  @Nullable CaseEntry find(String caseId) {
    return byId.get(caseId);
  }

  /** All of them. Not to be kept while cases come and go. */
  Collection<CaseEntry> all() {
    return byId.values();
  }

  /** Those of one partition of the input. */
  Collection<CaseEntry> of(String topic, int partition) {
    return bySource.getOrDefault(new Source(topic, partition), Set.of());
  }

  /** How many there are in each state. */
  Map<CaseState, Integer> counts() {
    return Map.copyOf(counts);
  }
}
