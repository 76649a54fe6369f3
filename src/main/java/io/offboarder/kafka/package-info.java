/**
 * The Kafka edges of the command line: client settings, topics, publishing an event, following the
 * outcomes.
 */
@NullMarked
package io.offboarder.kafka;

import org.jspecify.annotations.NullMarked;
