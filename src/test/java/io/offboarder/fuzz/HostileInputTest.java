package io.offboarder.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.Section;
import io.offboarder.event.Decoded;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.testing.HostileInputs;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads anything, throws nothing: a corpus, and seeded mutations of it. */
@DisplayName("Hostile input")
class HostileInputTest {
  @TempDir private Path folder;

  private static final EventDecoder DECODER = new EventDecoder(DecoderSettings.defaults());

  @Test
  @DisplayName("as an event is understood or rejected, in whichever form it says to come")
  void events() {
    HostileInputs.of("events").forEach(this::decode);
  }

  private void decode(byte[] value) {
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

  @Test
  @DisplayName("as configuration is taken or refused, each fault in a line that can be shown")
  void configuration() {
    HostileInputs.of("configuration").forEach(this::configure);
  }

  private void configure(byte[] yaml) {
    try {
      Path file = Files.write(folder.resolve("hostile.yaml"), yaml);
      if (new ConfigReader(Map.of(), () -> "host").read(Section.ALL, file)
          instanceof ConfigResult.Invalid<?> invalid) {
        assertThat(invalid.faults()).isNotEmpty();
        invalid.faults().forEach(fault -> assertShowable(fault.line()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertShowable(String words) {
    assertThat(words).isNotBlank();
    assertThat(words.codePoints()).allMatch(Printable::isPrintable);
  }
}
