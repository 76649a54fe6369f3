package io.offboarder.webex.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bodies as JSON. */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Slow, and made up by others.
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Of two lists one would be believed, and the other might not be empty.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /** The body as a tree, or null where it is not JSON; why not is of no use to anybody. */
  static @Nullable public JsonNode parse(Buffer body) {
    try {
      JsonNode tree = MAPPER.readTree(body.getBytes());
      return tree == null || tree.isMissingNode() ? null : tree;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      // Bytes that are not UTF-8 come as a plain IOException.
      return null;
    }
  }

  /**
   * A parser that is fed bytes while they come, by its {@code ByteArrayFeeder}. Refuses members
   * that come twice.
   */
  public static JsonParser streamingParser() {
    try {
      return MAPPER.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException("Jackson reads JSON that comes in parts", e);
    }
  }

  /** A member's text; null where the member is missing or of another type. */
  static @Nullable public String text(JsonNode object, String member) {
    JsonNode value = object.get(member);
    return value != null && value.isTextual() ? value.textValue() : null;
  }
}
