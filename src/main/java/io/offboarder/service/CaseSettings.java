package io.offboarder.service;

import io.offboarder.kafka.KafkaSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where what waits is kept.
 *
 * @param kafka how that is read; it is written as outcomes are
 * @param topic compacted, of one partition
 * @param commands the topic of what people say of it, of one partition; null for none
 */
public record CaseSettings(KafkaSettings kafka, String topic, @Nullable String commands) {
  /** Nobody can say anything of it. */
  public CaseSettings(KafkaSettings kafka, String topic) {
    this(kafka, topic, null);
  }
}
