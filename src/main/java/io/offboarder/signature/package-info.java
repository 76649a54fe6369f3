/**
 * Who signed an event, on the topics where only signed events count. Kafka's ACLs say who may write
 * to a topic; a signature says it of each record.
 */
@NullMarked
package io.offboarder.signature;

import org.jspecify.annotations.NullMarked;
