package io.offboarder.cli;

import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.SecretValue;
import io.offboarder.config.StreamConfig;
import io.offboarder.config.StreamConfig.ForeignOffsetMetadata;
import io.offboarder.config.StreamConfig.OffsetMetadataEncoding;
import io.offboarder.config.WebexConfig;
import io.offboarder.service.ServiceSettings;
import io.offboarder.stream.StreamSettings;
import io.offboarder.stream.StreamSettings.OffsetMetadataSettings;
import io.offboarder.webex.Credentials;
import io.offboarder.webex.Secret;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.WebexSettings.Retries;
import io.offboarder.webex.WebexSettings.Timeouts;
import java.nio.file.Path;
import java.util.Optional;

/** Turns the configuration, which knows no room, into what each room is told. */
final class Wiring {
  private Wiring() {}

  static ServiceSettings service(OffboarderConfig config) {
    return new ServiceSettings(
        stream(config),
        webex(config.webex()),
        config.kafka().outcomeTopic(),
        config.kafka().deadLetterTopic(),
        config.webex().defaultOrgId().orElse(null),
        config.shutdownTimeout());
  }

  static WebexSettings webex(WebexConfig webex) {
    WebexSettings defaults = WebexSettings.defaults(credentials(webex));
    WebexSettings settings =
        defaults
            .withBaseUrl(webex.baseUrl())
            .withMaxConcurrency(webex.maxConcurrency())
            .withTimeouts(
                new Timeouts(
                    webex.connectTimeout(), webex.requestTimeout(), webex.requestTimeout()))
            .withRetries(
                new Retries(
                    webex.maxAttempts(),
                    webex.maxEventTime(),
                    defaults.retries().firstBackoff(),
                    defaults.retries().maxBackoff()));
    return webex.maxRequestsPerSecond().isPresent()
        ? settings.withMaxRequestsPerSecond(webex.maxRequestsPerSecond().getAsDouble())
        : settings;
  }

  private static Credentials credentials(WebexConfig webex) {
    if (webex.accessToken().isPresent() || webex.accessTokenFile().isPresent()) {
      return new Credentials.StaticToken(secret(webex.accessToken(), webex.accessTokenFile()));
    }
    return new Credentials.RefreshToken(
        secret(webex.clientId(), webex.clientIdFile()),
        secret(webex.clientSecret(), webex.clientSecretFile()),
        secret(webex.refreshToken(), webex.refreshTokenFile()));
  }

  private static Secret secret(Optional<SecretValue> value, Optional<Path> file) {
    return value
        .map(secret -> Secret.of(secret.reveal()))
        .orElseGet(() -> Secret.fromFile(file.orElseThrow()));
  }

  private static StreamSettings stream(OffboarderConfig config) {
    StreamConfig stream = config.stream();
    OffsetMetadataSettings metadata =
        new OffsetMetadataSettings(
            stream.offsetMetadataMaxChars(),
            stream.offsetMetadataEncoding() == OffsetMetadataEncoding.BASE64,
            stream.foreignOffsetMetadata() == ForeignOffsetMetadata.STOP);
    return new StreamSettings(
        ConfigOption.clientProperties(config.kafka()),
        config.kafka().groupId(),
        config.instanceId(),
        config.kafka().inputTopics(),
        stream.maxRecordsInFlight(),
        stream.maxBytesInFlight().bytes(),
        stream.maxSpanPerPartition().orElse(metadata.capacity()),
        metadata,
        stream.drainTimeout());
  }
}
