package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a value that is no event looks like, and what its sender can do: words for a message. */
final class Resemblance {
  private static final int LOOKED_AT = 64;
  private static final int REGISTRY_PREFIX = 5;
  private static final String BATCH = "looks like a batch: send each event in a record of its own";
  private static final String PRINTED = "looks like a printed %s object: write it as JSON";

  private record Text(Pattern pattern, String words) {
    static Text of(String pattern, String words) {
      return new Text(Pattern.compile(pattern, Pattern.DOTALL), words);
    }

    boolean fits(String head) {
      return pattern.matcher(head).matches();
    }
  }

  /** How texts begin; the first that fits counts. */
  private static final List<Text> TEXTS =
      List.of(
          Text.of("\\[object .*", PRINTED.formatted("JavaScript")),
          Text.of("\\[.*", BATCH),
          Text.of("<.*", "looks like XML: convert it to JSON before it is sent"),
          Text.of(
              "(?:eyJ|ewog).*", "looks like JSON in Base64, or like a JWT: send the JSON itself"),
          Text.of(
              "(?:Struct\\{|(?i:struct\\()).*",
              "looks like a Connect struct that was printed: set value.converter to JsonConverter"),
          Text.of("\\{'.*|.*': .*|\\{\\s*\\w+\\s*:.*", PRINTED.formatted("Python or JavaScript")),
          Text.of("\\{\\w+=.*|[\\w.$]+[({\\[]\\w+=.*", PRINTED.formatted("Java")),
          Text.of(
              "[\\w.%+-]+=[^&\\s]*(&[\\w.%+-]+=[^&\\s]*)*",
              "looks like a web form: send a JSON object"),
          Text.of(
              "[^{}\\[\\]<>\n]*([;,\t])[^{}\\[\\]<>\n]*(?:\n|\\1\\S).*",
              "looks like CSV: send one JSON object a row, each in a record of its own"),
          Text.of("---\\s.*|[\\w-]+:\\s.*", "looks like YAML: write it as JSON"));

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
    Optional<String> binary = BinaryForm.of(bytes).map(BinaryForm::words);
    if (binary.isPresent()) {
      return binary;
    }
    String head = JsonText.of(Arrays.copyOf(bytes, Math.min(bytes.length, LOOKED_AT))).text();
    return TEXTS.stream().filter(text -> text.fits(head)).map(Text::words).findFirst();
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
    if (json.has("detail") && json.has("detail-type")) {
      return Optional.of(
          "looks like an event of Amazon EventBridge: send its detail, with an id and a type");
    }
    if (json.has("subscription") && json.path("message").has("data")) {
      return Optional.of("looks like a push of Google Pub/Sub: send what its message.data holds");
    }
    if (json.path("message").isTextual() && json.path("message").textValue().startsWith("{")) {
      return Optional.of("looks like a line of a log shipper: send what its message holds");
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
