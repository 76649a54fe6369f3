/**
 * From Kafka through asynchronous work back to Kafka, exactly once. Knows bytes and futures,
 * nothing of people or apps.
 */
@NullMarked
package io.offboarder.stream;

import org.jspecify.annotations.NullMarked;
