/**
 * Kafka beside the engine, which is {@code stream}: topics, publishing, following what was
 * committed. Knows no other room.
 */
@NullMarked
package io.offboarder.kafka;

import org.jspecify.annotations.NullMarked;
