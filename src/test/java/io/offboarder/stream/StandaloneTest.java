package io.offboarder.stream;

import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The stream, taken into another project,")
class StandaloneTest {
  @Test
  @DisplayName("compiles and runs against a real broker with nothing else of this one")
  void standsAlone(@TempDir Path folder) throws Exception {
    List<String> values = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
    StandaloneStream stream = StandaloneStream.compile(folder);
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create("in", 3, Map.of());
      topics.create("out", 1, Map.of());
      topics.publish("in", values);

      Process process = stream.start(List.of(), broker.bootstrapServers(), "alone", "in", "out");
      try {
        assertThat(
                topics.committed("out", all -> all.size() >= 500, Duration.ofSeconds(60)).stream()
                    .map(record -> text(record.value())))
            .containsExactlyInAnyOrderElementsOf(values);
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(stream.log())).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
