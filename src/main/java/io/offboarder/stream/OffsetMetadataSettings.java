package io.offboarder.stream;

/**
 * How the finished records beyond an offset are written into its commit metadata.
 *
 * @param maxChars the broker's {@code offset.metadata.max.bytes}
 * @param encoding the characters to write them in
 * @param foreign what to do about metadata that another program wrote
 */
public record OffsetMetadataSettings(int maxChars, OffsetEncoding encoding, Foreign foreign) {

  /** What to do about metadata that another program wrote. */
  public enum Foreign {
    /** Log a warning and use the offset alone. Records beyond it may get a second result. */
    IGNORE,
    /** Stop with {@link StreamFailure.Reason#FOREIGN_OFFSET_METADATA}. */
    STOP
  }

  /** What Apache Kafka's broker takes by default. */
  public static OffsetMetadataSettings defaults() {
    return new OffsetMetadataSettings(4096, OffsetEncoding.WIDE, Foreign.IGNORE);
  }

  /** How many offsets beyond the committed one always fit; at least one. */
  public int capacity() {
    return Math.max(1, OffsetMetadata.capacity(encoding, maxChars));
  }
}
