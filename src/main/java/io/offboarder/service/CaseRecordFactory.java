package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.cases.CaseEnd;
import io.offboarder.cases.CaseFormat;
import io.offboarder.cases.CaseRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes the records of the cases' topic, which has one partition and keeps a key's last record. */
final class CaseRecordFactory {
  private static final int PARTITION = 0;

  private final String topic;
  private final CaseFormat format = new CaseFormat();

  CaseRecordFactory(String topic) {
    this.topic = topic;
  }

  /** It waits. */
  ProducerRecord<byte[], byte[]> waits(CaseRecord record) {
    byte[] key = record.waiting().caseId().getBytes(UTF_8);
    return new ProducerRecord<>(topic, PARTITION, key, format.toJson(record));
  }

  /** It waits no more, having ended so. */
  ProducerRecord<byte[], byte[]> ended(String caseId, CaseEnd end) {
    return removed(caseId, end.headers());
  }

  /** It waits no more, having ended before. */
  ProducerRecord<byte[], byte[]> dropped(String caseId) {
    return removed(caseId, new RecordHeaders());
  }

  private ProducerRecord<byte[], byte[]> removed(String caseId, Headers headers) {
    return new ProducerRecord<>(topic, PARTITION, null, caseId.getBytes(UTF_8), null, headers);
  }
}
