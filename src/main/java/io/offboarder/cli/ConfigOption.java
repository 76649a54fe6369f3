package io.offboarder.cli;

import io.offboarder.config.ConfigFault;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.PolicyConfig;
import io.offboarder.config.PrivacyConfig;
import io.offboarder.config.SchemaRegistryConfig;
import io.offboarder.config.SignaturesConfig;
import io.offboarder.config.WebhooksConfig;
import io.offboarder.intake.IntakeRules;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config}, and reading what it names. */
final class ConfigOption {
  private final ConfigReader reader;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "YAML file with the settings (default: the one that OFFBOARDER_CONFIG names)")
  private @Nullable Path file;

  ConfigOption(ConfigReader reader) {
    this.reader = reader;
  }

  /** All settings, or whatever is wrong with them. */
  ConfigResult<OffboarderConfig> read() {
    return reader.read(file);
  }

  /** The same, for a subcommand that may name a file itself. */
  ConfigResult<OffboarderConfig> read(@Nullable Path named) {
    return reader.read(named == null ? file : named);
  }

  /** The same of Kafka's settings. */
  ConfigResult<KafkaConfig> readKafka(@Nullable Path named) {
    return reader.readKafka(named == null ? file : named);
  }

  /** What reaching Kafka takes, or whatever is wrong with it. */
  ConfigResult<KafkaConfig> readKafka() {
    return reader.readKafka(file);
  }

  /** Where health is told, or whatever is wrong with that. */
  ConfigResult<HttpConfig> readHttp() {
    return reader.readHttp(file);
  }

  /** How people are named, or whatever is wrong with that. */
  ConfigResult<PrivacyConfig> readPrivacy() {
    return reader.readPrivacy(file);
  }

  /** What is decided about events, or whatever is wrong with that. */
  ConfigResult<PolicyConfig> readPolicy() {
    return reader.readPolicy(file);
  }

  /** The same, for a subcommand that may name a file itself. */
  ConfigResult<PolicyConfig> readPolicy(@Nullable Path named) {
    return reader.readPolicy(named == null ? file : named);
  }

  /** By which rules records are read, or whatever is wrong with those. */
  ConfigResult<IntakeRules> readIntake() {
    return reader.readIntake(file);
  }

  /** Where schemas are, or whatever is wrong with that. */
  ConfigResult<SchemaRegistryConfig> readSchemaRegistry() {
    return reader.readSchemaRegistry(file);
  }

  /** How signatures are checked, or whatever is wrong with that. */
  ConfigResult<SignaturesConfig> readSignatures() {
    return reader.readSignatures(file);
  }

  /** Where pushes come to, or whatever is wrong with that. */
  ConfigResult<WebhooksConfig> readWebhooks() {
    return reader.readWebhooks(file);
  }

  /** How long a stop may take, or whatever is wrong with that. */
  ConfigResult<Duration> readShutdownTimeout() {
    return reader.readShutdownTimeout(file);
  }

  /** The settings; where they are wrong, the command fails with a line per fault. */
  static <T> T orFail(ConfigResult<T> result) {
    if (result instanceof ConfigResult.Invalid<T> invalid) {
      throw new CommandFailure(
          ExitCode.USAGE, invalid.faults().stream().map(ConfigFault::line).toList());
    }
    return ((ConfigResult.Valid<T>) result).config();
  }
}
