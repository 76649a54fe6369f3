package io.offboarder.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.event.Decoded;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;

/**
 * Reads anything, throws nothing. A build reads the corpus below {@code
 * src/test/resources/io/offboarder/fuzz}; with {@code JAZZER_FUZZ=1} Jazzer makes further inputs of
 * it for as long as each test says.
 */
@DisplayName("Hostile input")
class HostileInputTest {
  private static final EventDecoder DECODER = new EventDecoder(DecoderSettings.defaults());

  @FuzzTest(maxDuration = "10m")
  @DisplayName("as an event is understood or rejected, in whichever form it says to come")
  void events(byte[] value) {
    Headers structured = new RecordHeaders();
    structured.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    Headers binary = new RecordHeaders();
    binary.add("ce_specversion", "1.0".getBytes(UTF_8));
    binary.add("ce_id", value);
    binary.add("ce_source", "/hr".getBytes(UTF_8));
    binary.add("ce_type", "user-terminated".getBytes(UTF_8));
    for (Headers headers : List.of(new RecordHeaders(), structured, binary)) {
      Decoded decoded = DECODER.decode(headers, value);
      if (decoded instanceof Decoded.Rejected rejected) {
        assertShowable(rejected.error().message());
      }
    }
  }

  @FuzzTest(maxDuration = "10m")
  @DisplayName("as configuration is taken or refused, each fault in a line that can be shown")
  void configuration(byte[] yaml) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".yaml");
    try {
      Files.write(file, yaml);
      if (new ConfigReader(Map.of(), () -> "host").read(file)
          instanceof ConfigResult.Invalid<?> invalid) {
        assertThat(invalid.faults()).isNotEmpty();
        invalid.faults().forEach(fault -> assertShowable(fault.line()));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void assertShowable(String words) {
    assertThat(words).isNotBlank();
    assertThat(words.codePoints()).allMatch(Printable::isPrintable);
  }
}
