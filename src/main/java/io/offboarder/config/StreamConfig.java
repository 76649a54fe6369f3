package io.offboarder.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** The bounds of the stream. Immutable. */
public interface StreamConfig {
  /** Records admitted and not yet committed. */
  @Must(Rule.COUNT)
  @WithDefault("1000")
  int maxRecordsInFlight();

  /** The size of their keys and values. */
  @Must(Rule.SIZE)
  @WithDefault("64MiB")
  ByteSize maxBytesInFlight();

  /** Offsets that a partition may run ahead of its oldest unfinished record. */
  @Must(Rule.COUNT)
  OptionalInt maxSpanPerPartition();

  /** The broker's {@code offset.metadata.max.bytes}. */
  @Must(Rule.METADATA_CHARS)
  @WithDefault("4096")
  int offsetMetadataMaxChars();

  /** How finished records are written into the offset's metadata. */
  @Must(Rule.METADATA_ENCODING)
  @WithDefault("wide")
  OffsetMetadataEncoding offsetMetadataEncoding();

  /** What another program's offset metadata does. */
  @Must(Rule.FOREIGN_METADATA)
  @WithDefault("ignore")
  ForeignOffsetMetadata foreignOffsetMetadata();

  /** How long a partition that is taken away waits for its running work. */
  @Must(Rule.DURATION)
  @WithDefault("3s")
  Duration drainTimeout();

  /** The characters that offset metadata is written in. */
  enum OffsetMetadataEncoding {
    /** 15 bits a character; what Apache Kafka's broker takes. */
    WIDE,
    /** 6 bits a character, for brokers that count bytes. */
    BASE64
  }

  /** What to do about another program's offset metadata. */
  enum ForeignOffsetMetadata {
    /** Warn, and let only the offset count. */
    IGNORE,
    /** Stop. */
    STOP
  }
}
