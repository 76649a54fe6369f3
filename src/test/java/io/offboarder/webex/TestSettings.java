package io.offboarder.webex;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.gate.GateSettings.Probes;
import io.offboarder.webex.gate.GateSettings.Retries;
import io.offboarder.webex.http.HttpSettings;
import io.offboarder.webex.http.HttpSettings.Network;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.offboarder.webex.limit.PauseSettings;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalDouble;

/** Settings for an API that is near and quick; a test changes what it is about. */
final class TestSettings {
  Credentials credentials = new Credentials.StaticToken(Secret.of("static-token"));
  int maxConcurrency = 64;
  OptionalDouble maxRequestsPerSecond = OptionalDouble.empty();
  Timeouts timeouts = Timeouts.defaults();
  int maxListItems = WebexSettings.USUAL_LIST_ITEMS;
  int maxResponseBytes = HttpSettings.USUAL_RESPONSE_BYTES;
  Retries retries =
      new Retries(8, Duration.ofMinutes(2), Duration.ofMillis(20), Duration.ofMillis(100));
  Probes probes = Probes.defaults();
  PauseSettings pauses = PauseSettings.defaults();

  WebexSettings at(URI url) {
    return new WebexSettings(
        credentials,
        new HttpSettings(url, timeouts, maxResponseBytes, Network.DIRECT),
        new GateSettings(
            maxConcurrency, maxRequestsPerSecond, retries, probes, pauses, Pseudonymizer.NONE),
        maxListItems);
  }
}
