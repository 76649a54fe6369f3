package io.offboarder.stream;

import org.apache.kafka.common.TopicPartition;

/**
 * Work that is left over from a record whose own result is published: its result comes later, and
 * moves no offset. It is bound to the record's partition, so that only the partition's owner does
 * it, and one transaction publishes its result and commits the partition's offsets as they stand;
 * so a former owner's is refused.
 *
 * <p>Work of one subject runs one after another, whether it is of records or late.
 */
public interface LateWork extends RecordWork {
  /** The partition that it is bound to. This instance owns it. */
  TopicPartition partition();

  /** The offset of the record that it is left over from. */
  long offset();
}
