package io.offboarder.config;

import static io.offboarder.config.ValueConstraint.COMMIT_INTERVAL;
import static io.offboarder.config.ValueConstraint.COUNT;
import static io.offboarder.config.ValueConstraint.DURATION;
import static io.offboarder.config.ValueConstraint.FOREIGN_METADATA;
import static io.offboarder.config.ValueConstraint.METADATA_CHARS;
import static io.offboarder.config.ValueConstraint.METADATA_ENCODING;
import static io.offboarder.config.ValueConstraint.PORT;
import static io.offboarder.config.ValueConstraint.SIZE;

import io.offboarder.stream.OffsetEncoding;
import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of the stream.
 *
 * @param maxRecordsInFlight records begun and not yet committed
 * @param maxBytesInFlight what all admitted records hold in memory
 * @param maxSpanPerPartition offsets that a partition may run ahead of its oldest unfinished record
 * @param offsetMetadataMaxChars the broker's {@code offset.metadata.max.bytes}
 * @param offsetMetadataEncoding how finished records are written into the offset's metadata
 * @param foreignOffsetMetadata what another program's offset metadata does
 * @param commitInterval how far apart transactions begin, at least
 * @param drainTimeout how long a partition that is taken away waits for its running work
 * @param livenessPort where other instances see whether this one lives; 0 for any free port
 */
public record StreamConfig(
    @Constraint(value = COUNT, byDefault = "1000") int maxRecordsInFlight,
    @Constraint(value = SIZE, byDefault = "64MiB") ByteSize maxBytesInFlight,
    @Constraint(COUNT) Optional<Integer> maxSpanPerPartition,
    @Constraint(value = METADATA_CHARS, byDefault = "4096") int offsetMetadataMaxChars,
    @Constraint(value = METADATA_ENCODING, byDefault = "wide")
        OffsetEncoding offsetMetadataEncoding,
    @Constraint(value = FOREIGN_METADATA, byDefault = "ignore") Foreign foreignOffsetMetadata,
    @Constraint(value = COMMIT_INTERVAL, byDefault = "25ms") Duration commitInterval,
    @Constraint(value = DURATION, byDefault = "3s") Duration drainTimeout,
    @Constraint(value = PORT, byDefault = "0") int livenessPort) {}
