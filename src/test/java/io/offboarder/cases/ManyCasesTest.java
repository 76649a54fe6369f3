package io.offboarder.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cases.CaseEvent.Input;
import io.offboarder.cases.CaseRecord.StoredRecord;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A hundred thousand cases that wait")
class ManyCasesTest {
  private static final int CASES = 100_000;
  private static final int AT_A_TIME = 10_000;
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  @DisplayName("are known ten seconds after the start, in a heap of 256 MiB")
  void read() throws IOException, InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create("many.cases", 1, Map.of("cleanup.policy", "compact"));
      for (int from = 0; from < CASES; from += AT_A_TIME) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < from + AT_A_TIME; i++) {
          records.add(record(i));
        }
        topics.publish(records);
      }

      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-Dlogback.configurationFile=logback-test.xml",
                  ManyCases.class.getName(),
                  broker.bootstrapServers(),
                  "many.cases")
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

      List<String> lines = output.lines().toList();
      assertThat(lines).isNotEmpty();
      String last = lines.get(lines.size() - 1);
      assertThat(last).as(output).matches(CASES + " \\d+");
      long millis = Long.parseLong(last.substring(last.indexOf(' ') + 1));
      // Of processor time: two processors have 20 s of it in 10 s, and others may use them here.
      assertThat(millis).as("milliseconds").isLessThan(15_000);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(int i) {
    String json =
        ("{'specversion':'1.0','id':'event-%d','type':'com.example.hr.user-terminated.v1',"
                + "'source':'/hr/workday','time':'2026-11-23T09:00:00Z','data':{'personEmail':"
                + "'person-%d@example.com','reason':'voluntary','effectiveAt':"
                + "'2026-12-01T17:00:00Z'}}")
            .formatted(i, i)
            .replace('\'', '"');
    byte[] value = json.getBytes(UTF_8);
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    OffboardingEvent event =
        ((Understood) new EventDecoder(DecoderSettings.defaults()).decode(headers, value)).event();
    String caseId = new UUID(i, i).toString();
    CaseRecord record =
        new CaseRecord(
            new WaitingCase(
                CaseEvent.of(
                    caseId, event, new Input("hr.user-terminated", i % 12, i, NOW, Input.ALONE)),
                CaseState.SCHEDULED,
                Instant.parse("2026-12-01T17:00:00Z"),
                NOW,
                "takes effect at 2026-12-01T17:00:00Z",
                null),
            event,
            new StoredRecord(NOW.toEpochMilli(), NOW, new byte[] {1}, value, headers));
    return new ProducerRecord<>(
        "many.cases", 0, caseId.getBytes(UTF_8), new CaseFormat().toJson(record));
  }
}
