/**
 * From Kafka through asynchronous work back to Kafka, exactly once. Knows bytes and futures,
 * nothing of people or apps.
 *
 * <p>One thread owns the consumer and decides what is in a transaction; another makes it. Records
 * are handed to a {@link io.offboarder.stream.RecordProcessor}, whose work runs concurrently and
 * finishes out of order; what is finished is published in one transaction together with, for every
 * partition touched, the offset below which everything is finished and the set of records finished
 * beyond it, kept as a bitmap in the offset's commit metadata. The next owner of a partition reads
 * both and redoes only what has no result.
 *
 * <p>Work may also come later than the record's own result; see {@link
 * io.offboarder.stream.LateWork}.
 */
@NullMarked
package io.offboarder.stream;

import org.jspecify.annotations.NullMarked;
