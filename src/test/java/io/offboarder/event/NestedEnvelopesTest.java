package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.Subject.Person;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Envelopes within each other")
class NestedEnvelopesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] FORMS = {"beside", "data", "text", "base64", "row", "row of event"};
  private static final String[] CHARSETS = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32LE"};

  private final EventDecoder decoder = new EventDecoder(DecoderSettings.defaults());
  private final Random random = new Random(19);

  @Test
  @DisplayName("are taken off, whatever is in what, up to eight of them")
  void anyOrder() throws JsonProcessingException {
    for (int i = 0; i < 3_000; i++) {
      JsonNode event = event(FORMS[random.nextInt(FORMS.length)]);
      int wrappings = random.nextInt(9);
      for (int left = wrappings; left > 0; left--) {
        event = wrapped(event);
      }
      String text = random.nextBoolean() ? event.toString() : "\ufeff\r\n" + event + "\n";
      Charset charset = Charset.forName(CHARSETS[random.nextInt(CHARSETS.length)]);

      Decoded decoded = decoder.decode(new RecordHeaders(), text.getBytes(charset));

      assertThat(decoded).as("%s in %s", text, charset).isInstanceOf(Understood.class);
      assertThat(((Understood) decoded).event().subject())
          .isEqualTo(new Person(null, "ann@example.com", null));
    }
  }

  private static JsonNode event(String form) throws JsonProcessingException {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("personEmail", "ann@example.com");
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("id", "e1").put("type", "user-terminated");
    return switch (form) {
      case "beside" -> event.setAll(data);
      case "data" -> event.set("data", data);
      case "text" -> event.put("data", JSON.writeValueAsString(data));
      case "base64" -> event.put("data_base64", data.toString().getBytes(UTF_8));
      case "row" -> event.put("payload", data.toString());
      default -> event.deepCopy().put("payload", event.<ObjectNode>set("data", data).toString());
    };
  }

  private JsonNode wrapped(JsonNode event) throws JsonProcessingException {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode().putNull("schema");
    return switch (random.nextInt(3)) {
      case 0 -> JsonNodeFactory.instance.textNode(JSON.writeValueAsString(event));
      case 1 -> envelope.set("payload", event);
      default ->
          JsonNodeFactory.instance.textNode(
              Base64.getEncoder().encodeToString(event.toString().getBytes(UTF_8)));
    };
  }
}
