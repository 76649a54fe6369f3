package io.offboarder.cli;

import io.offboarder.cases.CaseState;
import io.offboarder.cases.WaitingCase;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.KafkaFailure;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many cases wait, in the words of "case list".
 *
 * @param byState null where it is not known
 * @param guardTripped null where no instance could be asked
 * @param problem why Kafka could not say it either; null if it could, or was not asked
 */
record CountedCases(
    @Nullable SortedMap<String, Long> byState,
    @Nullable Boolean guardTripped,
    @Nullable String problem) {

  /** As instances say; where none can be reached, as the topic does. */
  static CountedCases of(KafkaConfig kafka, InstanceMetrics metrics) {
    SortedMap<String, Long> said = metrics.largest("offboarder_cases_waiting", "state");
    if (!said.isEmpty()) {
      OptionalDouble tripped = metrics.max("offboarder_guard_tripped");
      return new CountedCases(said, tripped.isPresent() ? tripped.getAsDouble() > 0 : null, null);
    }
    try {
      Map<String, Long> counted =
          WaitingCases.read(kafka, kafka.caseTopic()).all().stream()
              .map(WaitingCase::state)
              .collect(Collectors.groupingBy(CaseState::toString, Collectors.counting()));
      return new CountedCases(new TreeMap<>(counted), null, null);
    } catch (KafkaFailure e) {
      return new CountedCases(null, null, e.getMessage());
    }
  }

  /** For a person. */
  String words() {
    if (byState == null) {
      return "unknown: no instance's /metrics can be reached from here, and " + problem;
    }
    String counted =
        byState.entrySet().stream()
            .filter(one -> one.getValue() > 0)
            .filter(one -> !one.getKey().equals(CaseState.RESCIND_KEPT.toString()))
            .map(one -> Figures.count(one.getValue()) + " " + one.getKey())
            .collect(Collectors.joining(", "));
    String cases = counted.isEmpty() ? "no case" : counted;
    if (guardTripped == null) {
      return cases + "; \"offboarder guard status\" says whether the guard has tripped";
    }
    return cases + (guardTripped ? "; the guard has tripped" : "");
  }
}
