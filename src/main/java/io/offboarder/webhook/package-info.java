/**
 * Other systems' pushes over HTTP: who sent them, how many there may be, and their way into Kafka.
 */
@NullMarked
package io.offboarder.webhook;

import org.jspecify.annotations.NullMarked;
