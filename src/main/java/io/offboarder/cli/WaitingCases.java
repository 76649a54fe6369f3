package io.offboarder.cli;

import io.offboarder.cases.CaseReader;
import io.offboarder.cases.CaseRecord;
import io.offboarder.cases.CaseTable;
import io.offboarder.cases.WaitingCase;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What waits, as the cases' topic says at this moment; read as any reader could. */
final class WaitingCases {
  private static final Duration POLL = Duration.ofMillis(500);

  private final CaseTable table = new CaseTable();
  private final CaseReader format = new CaseReader();

  private WaitingCases() {}

  /** Reads the whole topic. */
  static WaitingCases read(KafkaConfig kafka, String topic) {
    WaitingCases cases = new WaitingCases();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(SettingsMapper.kafka(kafka), topic, new Start.Beginning())) {
      do {
        List<Entry> entries = new ArrayList<>(reader.poll(POLL));
        entries.sort(Comparator.comparingLong(Entry::offset));
        entries.forEach(
            entry -> cases.format.change(entry).ifPresent(change -> change.applyTo(cases.table)));
      } while (!reader.isPastTheEnd());
    }
    return cases;
  }

  /** All of them, those that are due first. */
  List<WaitingCase> all() {
    return table.all().stream()
        .sorted(Comparator.comparing(WaitingCase::due).thenComparing(WaitingCase::caseId))
        .toList();
  }

  /** Those whose id begins so. */
  List<WaitingCase> beginning(String caseId) {
    return all().stream().filter(one -> one.caseId().startsWith(caseId)).toList();
  }

  /** The record of one of them, as it lies on the topic. */
  byte[] json(WaitingCase one) {
    return table.json(one.caseId()).orElseThrow();
  }

  /** The same, understood. */
  CaseRecord record(WaitingCase one) {
    return Optional.of(json(one)).flatMap(format::read).orElseThrow();
  }
}
