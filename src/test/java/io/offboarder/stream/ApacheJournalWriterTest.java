package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.stream.JournalEntry.Announcement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal's writer")
class ApacheJournalWriterTest {
  @Test
  @DisplayName("says that an append has failed when a stop interrupts it while Kafka is away")
  void interrupted() {
    StreamSettings settings =
        StreamSettings.of(Map.of("bootstrap.servers", "127.0.0.1:1"), "group", "one", List.of("in"))
            .withJournal("journal");
    List<Exception> failures = new ArrayList<>();
    Thread.currentThread().interrupt();
    try (ApacheJournalWriter writer =
        new ApacheJournalWriter(settings, new JournalFormat("journal", "group"))) {
      writer.append(
          new Announcement("one", new byte[] {1}),
          false,
          (place, failure) -> failures.add(failure));
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
    assertThat(failures).singleElement().isInstanceOf(InterruptException.class);
  }
}
