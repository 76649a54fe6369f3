/**
 * The Kafka edges of the command line: topics, publishing an event, following the outcomes. Not the
 * engine, which is {@code stream}. Knows no other room.
 */
@NullMarked
package io.offboarder.kafka;

import org.jspecify.annotations.NullMarked;
