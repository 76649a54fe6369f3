package io.offboarder.cli;

import io.offboarder.config.ConfigFault;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.ConfigResult.Invalid;
import io.offboarder.config.ConfigResult.Valid;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.kafka.KafkaUnavailableException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a configuration file, and what commands read from it. */
final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "YAML file with settings; the environment goes over it (default: OFFBOARDER_CONFIG)")
  private @Nullable Path file;

  /** Everything, credentials included. */
  OffboarderConfig all(ConfigReader reader) {
    return valid(reader.read(file));
  }

  /** What talks to Kafka, which needs no credentials of Webex's. */
  KafkaConfig kafka(ConfigReader reader) {
    return valid(reader.readKafka(file));
  }

  private static <T> T valid(ConfigResult<T> result) {
    if (result instanceof Valid<T> valid) {
      return valid.config();
    }
    throw new CommandFailure(
        ExitCode.USAGE, ((Invalid<T>) result).faults().stream().map(ConfigFault::line).toList());
  }

  /** What every Kafka client gets. */
  static Map<String, String> clientProperties(KafkaConfig kafka) {
    Map<String, String> properties = new HashMap<>(kafka.properties());
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    return properties;
  }

  /** The end of a command that Kafka did not serve. */
  static CommandFailure failure(KafkaUnavailableException e) {
    ExitCode code =
        switch (e.kind()) {
          case NOT_AUTHORIZED -> ExitCode.NOT_AUTHORIZED;
          case CONFIGURATION -> ExitCode.USAGE;
          case UNREACHABLE, OTHER -> ExitCode.FAILED;
        };
    return new CommandFailure(code, String.valueOf(e.getMessage()));
  }
}
