package io.offboarder.bench.report;

import io.offboarder.bench.run.Contender;
import io.offboarder.bench.run.Figures;
import io.offboarder.bench.run.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Every run of a benchmark, in its order. Confined to one thread. */
public final class Results {
  private final List<Run> runs = new ArrayList<>();

  /** One run's figures. */
  public record Run(String scenario, Contender contender, int round, Figures figures) {}

  /** Notes a run. */
  public void add(Run run) {
    runs.add(run);
  }

  /** All runs. */
  public List<Run> runs() {
    return List.copyOf(runs);
  }

  /** The scenarios that were run. */
  public List<String> scenarios() {
    return runs.stream().map(Run::scenario).distinct().toList();
  }

  /** Who was run in a scenario. */
  public List<Contender> contenders(String scenario) {
    return runs.stream()
        .filter(run -> run.scenario().equals(scenario))
        .map(Run::contender)
        .distinct()
        .toList();
  }

  /** What was measured in a scenario of anybody. */
  public List<Metric> metrics(String scenario) {
    return Arrays.stream(Metric.values())
        .filter(
            metric ->
                runs.stream()
                    .filter(run -> run.scenario().equals(scenario))
                    .anyMatch(run -> run.figures().get(metric).isPresent()))
        .toList();
  }

  /** The spread over the rounds; empty if it was not measured. */
  public Optional<Summary> spread(String scenario, Contender contender, Metric metric) {
    Predicate<Run> wanted = run -> run.scenario().equals(scenario) && run.contender() == contender;
    return Summary.of(
        runs.stream()
            .filter(wanted)
            .map(run -> run.figures().get(metric))
            .filter(value -> value.isPresent())
            .mapToDouble(value -> value.getAsDouble())
            .toArray());
  }
}
