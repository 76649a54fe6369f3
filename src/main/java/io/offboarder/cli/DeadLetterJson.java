package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.service.DeadLetterHeaders;
import org.apache.kafka.common.header.Header;

/** A dead letter as an object for programs. Bytes are in Base64, because they may be anything. */
final class DeadLetterJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private DeadLetterJson() {}

  /** Where it lies, since when, and what its headers say. */
  static ObjectNode summary(Entry letter) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("which", letter.partition() + ":" + letter.offset());
    json.put("keptSince", letter.timestamp().toString());
    DeadLetterHeaders.read(letter.headers()).forEach(json::put);
    return json;
  }

  /** The same, with headers, key and value as they came. */
  static ObjectNode whole(Entry letter) {
    ObjectNode json = summary(letter);
    ObjectNode headers = json.putObject("headers");
    for (Header header : DeadLetterHeaders.original(letter.headers())) {
      headers.put(header.key(), header.value());
    }
    json.put("key", letter.key());
    json.put("value", letter.value());
    return json;
  }
}
