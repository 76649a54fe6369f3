package io.offboarder.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a value that is no event looks like, and what its sender can do: words for a message. */
final class Resemblance {
  private static final int LOOKED_AT = 64;
  private static final int REGISTRY_PREFIX = 5;
  private static final String BATCH = "looks like a batch: send each event in a record of its own";
  private static final Pattern FORM = Pattern.compile("[\\w.%+-]+=[^&\\s]*(&[\\w.%+-]+=[^&\\s]*)*");
  private static final Pattern CSV =
      Pattern.compile("[^{}\\[\\]<>\n]*([;,\t])[^{}\\[\\]<>\n]*\n.*", Pattern.DOTALL);

  private Resemblance() {}

  /** Of bytes that are no JSON; empty where they look like nothing known. */
  static Optional<String> of(byte[] bytes) {
    if (bytes.length > REGISTRY_PREFIX && bytes[0] == 0) {
      int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
      return Optional.of(
          "looks like Avro or Protobuf behind a schema registry (schema id "
              + Integer.toUnsignedString(id)
              + "): let the producer write JSON, or a connector convert it");
    }
    if (bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b) {
      return Optional.of(
          "looks like gzip: set the producer's compression.type instead of packing the value");
    }
    String head =
        WhiteSpace.trimmed(new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), ISO_8859_1));
    if (head.startsWith("Obj\u0001")) {
      return Optional.of("looks like an Avro file: send one JSON object a record");
    }
    if (head.startsWith("\u00ac\u00ed")) {
      return Optional.of("looks like a serialized Java object: set a JSON serializer");
    }
    if (head.startsWith("[")) {
      return Optional.of(BATCH);
    }
    if (head.startsWith("<")) {
      return Optional.of("looks like XML: convert it to JSON before it is sent");
    }
    if (head.startsWith("eyJ") || head.startsWith("ewog")) {
      return Optional.of("looks like JSON in Base64, or like a JWT: send the JSON itself");
    }
    if (head.startsWith("Struct{") || head.toLowerCase(Locale.ROOT).startsWith("struct(")) {
      return Optional.of(
          "looks like a Connect struct that was printed: set value.converter to JsonConverter");
    }
    if (head.startsWith("{'") || head.contains("': ")) {
      return Optional.of("looks like a printed Python or JavaScript object: write it as JSON");
    }
    if (FORM.matcher(head).matches()) {
      return Optional.of("looks like a web form: send a JSON object");
    }
    return CSV.matcher(head).matches()
        ? Optional.of("looks like CSV: send one JSON object a row, each in a record of its own")
        : Optional.empty();
  }

  /** Of JSON that holds no event where one is expected. */
  static Optional<String> of(JsonNode json) {
    if (json.isTextual()) {
      return of(json.textValue().getBytes(UTF_8));
    }
    if (json.isArray() || json.path("records").isArray()) {
      return Optional.of(BATCH);
    }
    if (json.has("Message") && json.has("TopicArn")) {
      return Optional.of("looks like a notification of Amazon SNS: turn on its raw delivery");
    }
    if (json.has("op") && (json.has("after") || json.has("before"))) {
      return Optional.of(
          "looks like Debezium's change event: use its outbox event router, or the"
              + " ExtractNewRecordState transform and a connector that makes events of rows");
    }
    if (json.has("schema") && json.has("payload")) {
      return Optional.of(
          "looks like Kafka Connect's envelope (schemas.enable) around something that is no event");
    }
    return Optional.empty();
  }
}
