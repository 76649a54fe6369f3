package io.offboarder.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.testing.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/EVENTS.md")
class EventsPageTest {
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  @Test
  @DisplayName("shows events that the service understands and outcomes as it publishes them")
  void examples() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/EVENTS.md")));
    int events = 0;
    int outcomes = 0;
    while (example.find()) {
      JsonNode json = new ObjectMapper().readTree(example.group(1));
      if (json.has("status")) {
        assertThat(Schemas.faults(Schemas.OUTCOME, example.group(1))).isEmpty();
        outcomes++;
      } else {
        RecordHeaders headers = new RecordHeaders();
        if (json.has("specversion")) {
          headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        }
        EventDecoder decoder = new EventDecoder(DecoderSettings.defaults());
        assertThat(decoder.decode(headers, example.group(1).getBytes(UTF_8)))
            .isInstanceOf(Understood.class);
        events++;
      }
    }
    assertThat(events).isEqualTo(2);
    assertThat(outcomes).isEqualTo(2);
  }
}
