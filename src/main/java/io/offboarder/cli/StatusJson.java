package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.commands.Pause;
import io.offboarder.kafka.ConsumerGroup.Backlog;
import io.offboarder.kafka.ConsumerGroup.Member;
import io.offboarder.kafka.ConsumerGroup.Members;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How the service stands, as an object for programs. */
final class StatusJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private StatusJson() {}

  static ObjectNode of(
      String group,
      Instant at,
      Members members,
      List<Backlog> backlog,
      InstanceMetrics metrics,
      RecentOutcomes outcomes) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("group", group).put("at", at.toString()).put("state", members.state());
    ArrayNode instances = json.putArray("instances");
    for (Member member : members.members()) {
      ObjectNode instance = instances.addObject();
      instance.put("name", member.name()).put("host", member.host());
      instance.set("partitions", MAPPER.valueToTree(member.partitions()));
    }
    ObjectNode waiting = json.putObject("backlog");
    waiting.put("events", backlog.stream().mapToLong(Backlog::records).sum());
    put(waiting, "inWork", metrics.sum("offboarder_records_in_flight"));
    waiting.put("outcomesPerSecond", outcomes.perSecond());
    ObjectNode api = json.putObject("api");
    api.put("instancesAsked", metrics.pages().size());
    api.set("troubles", MAPPER.valueToTree(metrics.troubles()));
    put(api, "requestsPerSecond", metrics.sum("offboarder_api_pace"));
    put(api, "inFlight", metrics.sum("offboarder_api_requests_in_flight"));
    put(api, "waiting", metrics.sum("offboarder_api_requests_waiting"));
    put(api, "oldestRequestSeconds", metrics.max("offboarder_api_oldest_request_seconds"));
    put(api, "silentSeconds", metrics.max("offboarder_api_silence_seconds"));
    json.set("lastHour", MAPPER.valueToTree(outcomes.counts()));
    return json;
  }

  /** What waits, and whether the guard has tripped; null where that is not known. */
  static void putCases(ObjectNode json, CountedCases cases) {
    json.set("cases", MAPPER.valueToTree(cases.byState()));
    json.set("guardTripped", MAPPER.valueToTree(cases.guardTripped()));
  }

  /** Who has paused the group, and why; null where nobody has. */
  static void put(ObjectNode json, @Nullable Pause pause) {
    if (pause == null) {
      json.putNull("pause");
    } else {
      json.putObject("pause")
          .put("by", pause.by())
          .put("since", pause.since().toString())
          .put("reason", pause.reason());
    }
  }

  /** A figure that no instance reports, or that has no bound, stands as null. */
  private static void put(ObjectNode json, String name, OptionalDouble value) {
    if (value.isPresent() && !Double.isInfinite(value.getAsDouble())) {
      json.put(name, Math.round(value.getAsDouble()));
    } else {
      json.putNull(name);
    }
  }
}
