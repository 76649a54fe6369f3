package io.offboarder.ops;

import io.offboarder.service.OffboardingVerticle;
import io.offboarder.stream.PartitionStatus;
import io.offboarder.stream.StreamStatus;
import io.offboarder.stream.StreamStatus.Phase;
import io.offboarder.webex.GateStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service is doing, and what keeps it from doing more, in words. Immutable.
 *
 * @param live whether its loops turn
 * @param obstacles empty if it is ready
 * @param details figures for a person
 */
record Readiness(boolean live, List<String> obstacles, Map<String, Object> details) {

  Readiness {
    obstacles = List.copyOf(obstacles);
  }

  private static final String STARTING =
      "the service is starting, and waits for Kafka and its topics";

  static Readiness of(OffboardingVerticle service) {
    StreamStatus stream = service.streamStatus();
    GateStatus gate = service.gateStatus();
    if (stream == null || gate == null) {
      return new Readiness(true, List.of(STARTING), Map.of());
    }
    List<String> obstacles = new ArrayList<>();
    if (stream.phase() == Phase.STARTING) {
      obstacles.add(STARTING);
    } else if (stream.phase() != Phase.RUNNING) {
      obstacles.add("the service is stopping");
    }
    if (!stream.trouble().isEmpty()) {
      obstacles.add(stream.trouble());
    }
    if (gate.state() == GateStatus.State.OUTAGE
        || gate.state() == GateStatus.State.CREDENTIALS_REFUSED) {
      obstacles.add(gate.words());
    }
    Map<String, Object> details = new TreeMap<>();
    details.put("partitions", stream.partitions().size());
    details.put("recordsInFlight", stream.recordsInFlight());
    details.put(
        "span", stream.partitions().stream().mapToLong(PartitionStatus::span).max().orElse(0));
    details.put("api", gate.state().name().toLowerCase(Locale.ROOT));
    details.put("requestsInFlight", gate.inFlight());
    details.put("requestsWaiting", gate.waiting());
    return new Readiness(stream.phase() != Phase.STOPPED, obstacles, details);
  }

  boolean isReady() {
    return obstacles.isEmpty();
  }
}
