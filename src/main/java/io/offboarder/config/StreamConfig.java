package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.COUNT;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.FOREIGN_METADATA;
import static io.offboarder.config.ValueConstraint.METADATA_CHARS;
import static io.offboarder.config.ValueConstraint.METADATA_ENCODING;
import static io.offboarder.config.ValueConstraint.SIZE;

import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of the stream.
 *
 * @param maxRecordsInFlight records admitted and not yet committed
 * @param maxBytesInFlight the size of their keys and values
 * @param maxSpanPerPartition offsets that a partition may run ahead of its oldest unfinished record
 * @param offsetMetadataMaxChars the broker's {@code offset.metadata.max.bytes}
 * @param offsetMetadataEncoding how finished records are written into the offset's metadata
 * @param foreignOffsetMetadata what another program's offset metadata does
 * @param drainTimeout how long a partition that is taken away waits for its running work
 */
public record StreamConfig(
    @Constraint(value = COUNT, byDefault = "1000") int maxRecordsInFlight,
    @Constraint(value = SIZE, byDefault = "64MiB") ByteSize maxBytesInFlight,
    @Constraint(COUNT) Optional<Integer> maxSpanPerPartition,
    @Constraint(value = METADATA_CHARS, byDefault = "4096") int offsetMetadataMaxChars,
    @Constraint(value = METADATA_ENCODING, byDefault = "wide")
        OffsetMetadataEncoding offsetMetadataEncoding,
    @Constraint(value = FOREIGN_METADATA, byDefault = "ignore")
        ForeignOffsetMetadata foreignOffsetMetadata,
    @Constraint(value = DURATION, byDefault = "3s") Duration drainTimeout) {

  /** The characters that offset metadata is written in. */
  public enum OffsetMetadataEncoding {
    /** 15 bits a character; what Apache Kafka's broker takes. */
    WIDE,
    /** 6 bits a character, for brokers that count bytes. */
    BASE64
  }

  /** What to do about another program's offset metadata. */
  public enum ForeignOffsetMetadata {
    /** Warn, and let only the offset count. */
    IGNORE,
    /** Stop. */
    STOP
  }
}
