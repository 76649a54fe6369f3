package io.offboarder.endurance;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.Company;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts the records that have final outcomes, and second ones of these, in a bit for each record.
 */
final class OutcomeCount {
  private final Map<String, BitSet> seen = new HashMap<>();
  private int records;
  private int second;

  void add(ConsumerRecord<byte[], byte[]> outcome) {
    JsonNode json = Company.json(outcome.value());
    if (!json.path("final").asBoolean()) {
      return;
    }
    JsonNode event = json.path("event");
    BitSet partition =
        seen.computeIfAbsent(
            event.path("topic").asText() + event.path("partition").asInt(), key -> new BitSet());
    int offset = event.path("offset").asInt();
    if (partition.get(offset)) {
      second++;
    } else {
      partition.set(offset);
      records++;
    }
  }

  int records() {
    return records;
  }

  int second() {
    return second;
  }
}
