package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cases.CaseChange;
import io.offboarder.cases.CaseReader;
import io.offboarder.cases.CaseTable;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The records of what waits")
class CaseRecordsTest {
  private static final int CASES = 100;

  private final CaseReader reader = new CaseReader();
  private final CaseTable table = new CaseTable(CaseRecords.LARGEST_KEPT);
  private final List<Long> fetched = new ArrayList<>();
  private int atATime;
  private int most;

  @Test
  @DisplayName("that are large are read when their turn comes, few at a time, whatever fails")
  void fewAtATime() {
    CaseRecords records = new CaseRecords(table, reader, this::fetch);
    List<Promise<String>> works = new ArrayList<>();
    List<Future<String>> results = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      put(i, 20_000);
      Promise<String> work = Promise.promise();
      works.add(work);
      results.add(
          records.with(
              "case-" + i,
              record -> {
                most = Math.max(most, ++atATime);
                return work.future().onComplete(done -> atATime--);
              }));
    }
    assertThat(fetched).hasSizeLessThan(CASES / 5);

    for (int i = 0; i < CASES; i++) {
      if (i % 3 == 0) {
        works.get(i).fail("not now");
      } else {
        works.get(i).complete("done");
      }
    }

    // Every seventh could not be read.
    assertThat(fetched).hasSize(CASES);
    assertThat(most).isLessThan(CASES / 10);
    assertThat(results).allMatch(Future::isComplete);
    assertThat(results).filteredOn(Future::succeeded).hasSizeGreaterThan(CASES / 2);
  }

  @Test
  @DisplayName("that are small are at hand")
  void atHand() {
    CaseRecords records = new CaseRecords(table, reader, this::fetch);
    put(1, 10);
    Future<String> name =
        records.with("case-1", one -> Future.succeededFuture(one.waiting().why()));
    assertThat(name.result()).isEqualTo("its time");
    assertThat(fetched).isEmpty();
  }

  private Future<byte[]> fetch(long offset) {
    fetched.add(offset);
    return offset % 7 == 0
        ? Future.failedFuture("Kafka is away")
        : Future.succeededFuture(json((int) offset, 20_000));
  }

  private void put(int i, int size) {
    Entry entry =
        new Entry(
            0, i, Instant.now(), ("case-" + i).getBytes(UTF_8), json(i, size), new RecordHeaders());
    CaseChange change = reader.change(entry).orElseThrow();
    change.applyTo(table);
  }

  private static byte[] json(int i, int size) {
    return """
        {"caseId":"case-%d","state":"scheduled","due":"2026-11-23T12:00:00Z",
         "since":"2026-11-23T12:00:00Z","why":"its time","pad":"%s",
         "event":{"kind":"user-terminated","id":"e","type":"user-terminated","notes":[]},
         "subject":{"personEmail":"ann@example.com"},
         "record":{"topic":"t","partition":0,"offset":%d,"timestamp":1,
                   "receivedAt":"2026-11-23T12:00:00Z","key":null,"value":null,"headers":[]}}
        """
        .formatted(i, "p".repeat(size), i)
        .getBytes(UTF_8);
  }
}
