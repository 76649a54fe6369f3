package io.offboarder.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Inputs of the kinds that systems in the field send, and what is right for each. Each stands for
 * its kind.
 *
 * @param number tells it from the others
 */
public record FieldInputs(int number, JsonNode json) {
  private static final String FILE = "/io/offboarder/event/field-inputs.json";

  /** All of them. */
  public static List<FieldInputs> all() {
    try (InputStream file = Objects.requireNonNull(FieldInputs.class.getResourceAsStream(FILE))) {
      List<FieldInputs> all = new ArrayList<>();
      for (JsonNode one : new ObjectMapper().readTree(file)) {
        all.add(new FieldInputs(all.size(), one));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of the person that this input alone is about. */
  public String email() {
    return "leaver" + number + "@example.org";
  }

  /** The id of that person. */
  public String id() {
    return "leaver-" + number;
  }

  /** A text of the file, with the person in it. */
  public String text(JsonNode node) {
    String text = node.isTextual() ? node.textValue() : node.toString();
    return text.replace("@EMAIL@", email()).replace("@ID@", id());
  }

  /** The record's headers. */
  public Headers headers() {
    Headers headers = new RecordHeaders();
    json.path("headers")
        .properties()
        .forEach(header -> headers.add(header.getKey(), text(header.getValue()).getBytes(UTF_8)));
    return headers;
  }

  /** The record's value. */
  public byte[] value() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(json.path("prefixHex").asText("")));
    bytes.writeBytes(encoded(text(json.path("value")), json.path("encoding").asText("UTF-8")));
    return bytes.toByteArray();
  }

  private static byte[] encoded(String text, String encoding) {
    if (!encoding.equals("UTF-8-cut")) {
      return text.getBytes(Charset.forName(encoding));
    }
    byte[] whole = text.getBytes(UTF_8);
    int odd = 0;
    while (whole[odd] >= 0) {
      odd++;
    }
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    System.arraycopy(whole, odd + 2, cut, odd + 1, whole.length - odd - 2);
    return cut;
  }

  /** Whether it is to be acted on. */
  public boolean isUnderstood() {
    return json.has("understood");
  }

  /** Whether nobody may be named, because a part of what was sent would be somebody else. */
  public boolean isNobody() {
    return json.path("subject").path("nobody").asBoolean();
  }

  @Override
  public String toString() {
    return json.path("kind").asText() + ": " + json.path("says").asText();
  }
}
