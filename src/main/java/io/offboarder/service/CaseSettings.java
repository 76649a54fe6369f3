package io.offboarder.service;

import io.offboarder.kafka.KafkaSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where what waits is kept.
 *
 * @param kafka how that is read; it is written as outcomes are
 * @param topic compacted, of one partition
 * @param commands the topic of what people say of it, of one partition; null for none
 * @param twoPeople how long one person's word on what is held waits for another's; null where one
 *     is enough
 */
public record CaseSettings(
    KafkaSettings kafka, String topic, @Nullable String commands, @Nullable Duration twoPeople) {
  /** Nobody can say anything of it. */
  public CaseSettings(KafkaSettings kafka, String topic) {
    this(kafka, topic, null, null);
  }

  /** One person's word is enough. */
  public CaseSettings(KafkaSettings kafka, String topic, @Nullable String commands) {
    this(kafka, topic, commands, null);
  }

  /** The same where it takes two people's words. */
  public CaseSettings withTwoPeople(Duration expiresAfter) {
    return new CaseSettings(kafka, topic, commands, expiresAfter);
  }
}
