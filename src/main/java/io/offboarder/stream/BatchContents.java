package io.offboarder.stream;

import io.offboarder.stream.IncompleteRecord.Position;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch, decompressed one after another. What is too large of a record is
 * skipped and never held in memory; where a batch decompresses to more than it can be worth
 * skipping through, the rest of it is given up. One thread at a time.
 *
 * <p>The layout is that of Kafka's message format 2: a batch's header, then for each record its
 * length and its fields, with integers of variable length.
 */
final class BatchContents implements AutoCloseable {
  /** Events have some kilobytes; what a topic takes by default is 1 MiB. */
  static final int LARGEST_RECORD = 4 << 20;

  static final int MOST_HEADERS = 1_000;

  /** About as much as is decompressed in a second. */
  static final long LARGEST_BATCH = 1L << 30;

  private static final int LARGEST_KEY = 64 << 10;

  private final TopicPartition id;
  private final DefaultRecordBatch batch;
  private final CountingStream in;
  private int left;
  private long next;

  BatchContents(TopicPartition id, DefaultRecordBatch batch) {
    this.id = id;
    this.batch = batch;
    this.in = new CountingStream(batch.recordInputStream(BufferSupplier.NO_CACHING));
    this.left = batch.countOrNull();
    this.next = batch.baseOffset();
  }

  /**
   * The next record, or null after the last one.
   *
   * @throws IOException if the batch is damaged
   */
  @Nullable ConsumerRecord<byte[], byte[]> next() throws IOException {
    if (in.count > LARGEST_BATCH && next <= batch.lastOffset()) {
      return givenUp();
    }
    if (left == 0) {
      return null;
    }
    left--;
    int size = ByteUtils.readVarint(in);
    long end = in.count + size;
    in.skipNBytes(1);
    long timestamp = batch.baseTimestamp() + ByteUtils.readVarlong(in);
    long offset = batch.baseOffset() + ByteUtils.readVarint(in);
    next = offset + 1;
    ConsumerRecord<byte[], byte[]> record = fields(position(offset, timestamp), size);
    in.skipNBytes(end - in.count);
    return record;
  }

  private ConsumerRecord<byte[], byte[]> fields(Position position, int size) throws IOException {
    int keySize = ByteUtils.readVarint(in);
    byte[] key = bytes(keySize, size <= LARGEST_RECORD ? LARGEST_RECORD : LARGEST_KEY);
    int valueSize = ByteUtils.readVarint(in);
    if (size > LARGEST_RECORD) {
      return new IncompleteRecord(
          position,
          keySize,
          valueSize,
          key,
          null,
          new RecordHeaders(),
          "it has " + size + " bytes, " + Math.max(0, valueSize) + " of them in its value");
    }
    byte[] value = bytes(valueSize, LARGEST_RECORD);
    int headers = ByteUtils.readVarint(in);
    if (headers > MOST_HEADERS) {
      return new IncompleteRecord(
          position,
          keySize,
          valueSize,
          key,
          value,
          new RecordHeaders(),
          "it has " + headers + " headers");
    }
    return record(position, key, value, headers(headers));
  }

  /** Takes a record that was not reached for too large: to reach it would take too long. */
  private IncompleteRecord givenUp() {
    return new IncompleteRecord(
        position(next++, batch.baseTimestamp()),
        -1,
        -1,
        null,
        null,
        new RecordHeaders(),
        "it is in a batch that decompresses to more than " + LARGEST_BATCH + " bytes");
  }

  private Position position(long offset, long timestamp) {
    TimestampType type = batch.timestampType();
    return new Position(
        id.topic(),
        id.partition(),
        offset,
        type == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : timestamp,
        type);
  }

  private byte @Nullable [] bytes(int size, int most) throws IOException {
    if (size < 0) {
      return null;
    }
    if (size > most) {
      in.skipNBytes(size);
      return null;
    }
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("a record ends too early");
    }
    return bytes;
  }

  private Headers headers(int count) throws IOException {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < count; i++) {
      byte[] name = bytes(ByteUtils.readVarint(in), LARGEST_RECORD);
      byte[] value = bytes(ByteUtils.readVarint(in), LARGEST_RECORD);
      headers.add(name == null ? "" : new String(name, StandardCharsets.UTF_8), value);
    }
    return headers;
  }

  @SuppressWarnings("NullAway") // Kafka's records may lack a key and a value
  private static ConsumerRecord<byte[], byte[]> record(
      Position position, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    return new ConsumerRecord<>(
        position.topic(),
        position.partition(),
        position.offset(),
        position.timestamp(),
        position.timestampType(),
        key == null ? ConsumerRecord.NULL_SIZE : key.length,
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Counts what was read. */
  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      int read = in.read(to, from, length);
      count += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = in.skip(bytes);
      count += skipped;
      return skipped;
    }
  }
}
