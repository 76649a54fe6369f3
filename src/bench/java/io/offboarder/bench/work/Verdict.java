package io.offboarder.bench.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of an event.
 *
 * @param revoked the refresh authorization that was deleted; empty if nothing was live
 */
public record Verdict(Leaver leaver, Optional<String> revoked) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The outcome record's value: the main members of ours, so that everybody writes as much. */
  public byte[] outcome(String topic, int partition, long offset) {
    String now = Instant.now().toString();
    ObjectNode outcome = JSON.createObjectNode();
    outcome.put("id", topic + "/" + partition + "@" + offset);
    outcome.put("status", revoked.isPresent() ? "revoked" : "nothing_to_revoke").put("final", true);
    ObjectNode event = outcome.putObject("event");
    event.put("id", leaver.eventId()).put("type", "user-terminated").put("source", "/hr/bench");
    event.put("topic", topic).put("partition", partition).put("offset", offset);
    outcome.putObject("subject").put("personId", leaver.personId());
    var authorizations = outcome.putArray("authorizations");
    revoked.ifPresent(
        id ->
            authorizations
                .addObject()
                .put("id", id)
                .put("type", "refresh")
                .put("result", "revoked")
                .put("httpStatus", 204)
                .put("attempts", 1)
                .put("at", now));
    outcome.putObject("verification").put("at", now).put("remaining", 0);
    outcome.putObject("timing").put("completedAt", now);
    outcome.putObject("api").put("requests", revoked.isPresent() ? 3 : 1).put("retries", 0);
    try {
      return JSON.writeValueAsBytes(outcome);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
