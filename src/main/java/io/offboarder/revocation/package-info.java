/**
 * The flow of one event: list, delete, list again; and the outcome it ends with. Knows what an
 * event is and how to ask the API; nothing of Kafka.
 */
@NullMarked
package io.offboarder.revocation;

import org.jspecify.annotations.NullMarked;
