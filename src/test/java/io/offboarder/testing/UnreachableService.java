package io.offboarder.testing;

import io.offboarder.kafka.KafkaSettings;
import io.offboarder.service.CaseSettings;
import io.offboarder.service.ServiceSettings;
import io.offboarder.stream.StreamSettings;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings of a service that is built and never started: neither broker nor API is there. */
public final class UnreachableService {

  private UnreachableService() {}

  /** The settings. */
  public static ServiceSettings settings() {
    return ServiceSettings.builder(
            StreamSettings.of(
                Map.of("bootstrap.servers", "127.0.0.1:1"), "group", "one", List.of("events")),
            WebexSettings.at(
                URI.create("http://127.0.0.1:1/v1"),
                new Credentials.StaticToken(Secret.of("token"))),
            "outcomes",
            "dead-letters",
            new CaseSettings(
                new KafkaSettings("127.0.0.1:1", Map.of(), Duration.ofSeconds(1)), "cases"))
        .build();
  }
}
