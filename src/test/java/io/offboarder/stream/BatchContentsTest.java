package io.offboarder.stream;

import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Batches that are read with care")
class BatchContentsTest {
  private static final TopicPartition ID = new TopicPartition("in", 0);

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  @DisplayName("give every record, and of those that are too large what is small enough")
  void tooLarge(CompressionType type) {
    Header header = new RecordHeader("name", bytes("value"));
    Header[] many =
        Collections.nCopies(BatchContents.MOST_HEADERS + 1, header).toArray(Header[]::new);
    MemoryRecords records =
        MemoryRecords.withRecords(
            40L,
            Compression.of(type).build(),
            new SimpleRecord(7, bytes("a"), bytes("first"), new Header[] {header}),
            new SimpleRecord(8, bytes("b"), new byte[BatchContents.LARGEST_RECORD]),
            new SimpleRecord(9, bytes("c"), bytes("third"), many),
            new SimpleRecord(10, (byte[]) null, null),
            new SimpleRecord(11, bytes("e"), bytes("last")));

    List<ConsumerRecord<byte[], byte[]>> read = read(records, List.of(), 40);

    assertThat(read).extracting(ConsumerRecord::offset).containsExactly(40L, 41L, 42L, 43L, 44L);
    assertThat(read).extracting(ConsumerRecord::timestamp).containsExactly(7L, 8L, 9L, 10L, 11L);
    assertThat(text(read.get(0).value())).isEqualTo("first");
    assertThat(read.get(0).headers()).containsExactly(header);
    assertThat(read.get(1)).isInstanceOf(IncompleteRecord.class);
    assertThat(text(read.get(1).key())).isEqualTo("b");
    assertThat(read.get(1).value()).isNull();
    assertThat(read.get(1).serializedValueSize()).isEqualTo(BatchContents.LARGEST_RECORD);
    assertThat(read.get(2)).isInstanceOf(IncompleteRecord.class);
    assertThat(text(read.get(2).value())).isEqualTo("third");
    assertThat(read.get(2).headers()).isEmpty();
    assertThat(read.get(3).key()).isNull();
    assertThat(read.get(3).value()).isNull();
    assertThat(text(read.get(4).value())).isEqualTo("last");
    assertThat(read(records, List.of(), 43)).hasSize(2);
  }

  @Test
  @DisplayName("leave out what was aborted, and nothing else")
  void aborted() {
    List<RecordBatch> batches = new ArrayList<>();
    add(batches, transactional(0, 1, "committed", "too"));
    add(batches, transactional(2, 2, "aborted"));
    add(batches, marker(3, 1, ControlRecordType.COMMIT));
    add(batches, transactional(4, 2, "aborted too"));
    add(batches, marker(5, 2, ControlRecordType.ABORT));
    add(batches, transactional(6, 2, "committed later"));
    add(batches, marker(7, 2, ControlRecordType.COMMIT));
    FetchContents contents =
        new FetchContents(
            ID, batches, List.of(new AbortedTransaction().setProducerId(2).setFirstOffset(2)), 0);

    assertThat(all(contents))
        .extracting(record -> text(record.value()))
        .containsExactly("committed", "too", "committed later");
    assertThat(contents.position()).isEqualTo(8);
  }

  private static MemoryRecords transactional(long offset, long producer, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(1, bytes(values[i]), bytes(values[i]));
    }
    return MemoryRecords.withTransactionalRecords(
        offset, Compression.NONE, producer, (short) 0, 0, 0, records);
  }

  private static MemoryRecords marker(long offset, long producer, ControlRecordType type) {
    return MemoryRecords.withEndTransactionMarker(
        offset, 1, 0, producer, (short) 0, new EndTransactionMarker(type, 0));
  }

  private static void add(List<RecordBatch> batches, MemoryRecords records) {
    records.batches().forEach(batches::add);
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      MemoryRecords records, List<AbortedTransaction> aborted, long from) {
    return all(new FetchContents(ID, records.batches(), aborted, from));
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(FetchContents contents) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (var record = contents.next(); record != null; record = contents.next()) {
      all.add(record);
    }
    return all;
  }
}
