package io.offboarder.config;

import io.offboarder.intake.IntakeRules;
import java.time.Duration;

/**
 * A part of the settings that can be read by itself; other settings may be missing or wrong.
 *
 * @param type what it is read as
 * @param prefix the key of the part, or of the one setting
 */
public record Section<T>(Class<T> type, String prefix) {
  /** All settings. */
  public static final Section<OffboarderConfig> ALL =
      new Section<>(OffboarderConfig.class, OffboarderConfig.PREFIX);

  /** What a Kafka client needs. */
  public static final Section<KafkaConfig> KAFKA =
      new Section<>(KafkaConfig.class, KafkaConfig.PREFIX);

  /** Where health is served. */
  public static final Section<HttpConfig> HTTP = new Section<>(HttpConfig.class, HttpConfig.PREFIX);

  /** How people are named. */
  public static final Section<PrivacyConfig> PRIVACY =
      new Section<>(PrivacyConfig.class, PrivacyConfig.PREFIX);

  /** What is decided about events. */
  public static final Section<PolicyConfig> POLICY =
      new Section<>(PolicyConfig.class, PolicyConfig.PREFIX);

  /** By which rules records are read. */
  public static final Section<IntakeRules> INTAKE =
      new Section<>(IntakeRules.class, OffboarderConfig.PREFIX + ".intake");

  /** Where schemas are. */
  public static final Section<SchemaRegistryConfig> SCHEMA_REGISTRY =
      new Section<>(SchemaRegistryConfig.class, SchemaRegistryConfig.PREFIX);

  /** How signatures are checked. */
  public static final Section<SignaturesConfig> SIGNATURES =
      new Section<>(SignaturesConfig.class, SignaturesConfig.PREFIX);

  /** Where pushes come to. */
  public static final Section<WebhooksConfig> WEBHOOKS =
      new Section<>(WebhooksConfig.class, WebhooksConfig.PREFIX);

  /** How long a stop may take. */
  public static final Section<Duration> SHUTDOWN_TIMEOUT =
      new Section<>(Duration.class, OffboarderConfig.PREFIX + ".shutdown-timeout");
}
