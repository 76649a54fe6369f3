package io.offboarder.stream;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The records of one fetched answer that a {@code read_committed} consumer sees, one after another:
 * without control records, and without those of aborted transactions. One thread at a time.
 *
 * <p>An aborted transaction's records are found by the list of such transactions that comes with
 * the answer: from the first offset of one of them on, batches of its producer are left out, until
 * the marker that ends it.
 */
final class FetchContents implements AutoCloseable {
  private final TopicPartition id;
  private final Iterator<? extends RecordBatch> batches;
  private final PriorityQueue<AbortedTransaction> aborted =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
  private final Set<Long> abortedProducers = new HashSet<>();
  private @Nullable BatchContents current;
  private long batchEnd;
  private long position;

  /**
   * The contents of an answer.
   *
   * @param from records before this offset are left out
   */
  FetchContents(
      TopicPartition id,
      Iterable<? extends RecordBatch> batches,
      @Nullable List<AbortedTransaction> aborted,
      long from) {
    this.id = id;
    this.batches = batches.iterator();
    this.position = from;
    this.batchEnd = from;
    if (aborted != null) {
      this.aborted.addAll(aborted);
    }
  }

  /** The offset after all that was read. */
  long position() {
    return position;
  }

  /** The next record, or null after the last one. */
  @Nullable ConsumerRecord<byte[], byte[]> next() {
    try {
      while (true) {
        BatchContents open = current;
        ConsumerRecord<byte[], byte[]> record = open == null ? null : open.next();
        if (record == null) {
          close();
          position = Math.max(position, batchEnd);
          if (!batches.hasNext()) {
            return null;
          }
          enter(batches.next());
        } else if (record.offset() >= position) {
          position = record.offset() + 1;
          return record;
        }
      }
    } catch (IOException e) {
      throw new KafkaException("a batch of " + id + " at " + position + " cannot be read", e);
    }
  }

  private void enter(RecordBatch batch) {
    batchEnd = batch.nextOffset();
    for (AbortedTransaction next = aborted.peek();
        next != null && next.firstOffset() <= batch.lastOffset();
        next = aborted.peek()) {
      abortedProducers.add(aborted.remove().producerId());
    }
    if (batch.isControlBatch()) {
      if (endsAborted(batch)) {
        abortedProducers.remove(batch.producerId());
      }
    } else if (batch.lastOffset() >= position
        && !(batch.isTransactional() && abortedProducers.contains(batch.producerId()))) {
      if (!(batch instanceof DefaultRecordBatch readable)) {
        throw new KafkaException(
            id + " holds records of a message format from before Kafka 0.11 at " + position);
      }
      current = new BatchContents(id, readable);
    }
  }

  private static boolean endsAborted(RecordBatch batch) {
    Iterator<Record> records = batch.iterator();
    return records.hasNext()
        && ControlRecordType.parse(records.next().key()) == ControlRecordType.ABORT;
  }

  @Override
  public void close() throws IOException {
    BatchContents closing = current;
    current = null;
    if (closing != null) {
      closing.close();
    }
  }
}
