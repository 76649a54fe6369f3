package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What expressions see of a record.
 *
 * @param value out of the envelopes that connectors and serializers put around JSON; null where
 *     there is none
 * @param token whether the value was a security event token, of which it is the claims
 * @param variables by their names, without the sign
 */
record RecordInput(@Nullable Object value, boolean token, Map<String, Object> variables) {

  /**
   * Reads a record.
   *
   * @throws MappingException where the value cannot be read as JSON, or says one thing twice
   */
  static RecordInput of(InputRecord record) throws MappingException {
    Map<String, Object> variables = new LinkedHashMap<>();
    Map<String, Object> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    variables.put("headers", headers);
    if (record.key() != null) {
      variables.put("key", new String(record.key(), UTF_8));
    }
    variables.put("topic", record.topic());
    variables.put("partition", record.partition());
    variables.put("offset", record.offset());
    if (record.timestamp() >= 0) {
      variables.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    }
    byte[] claims = JsonToken.claims(record.value());
    return claims == null
        ? new RecordInput(JsonValue.of(record.value()), false, variables)
        : new RecordInput(JsonValue.of(claims), true, variables);
  }
}
