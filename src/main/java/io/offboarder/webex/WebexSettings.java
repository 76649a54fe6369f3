package io.offboarder.webex;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.http.HttpSettings;
import java.net.URI;

/** What the client is made from: the settings of its rooms. */
public record WebexSettings(Credentials credentials, HttpSettings http, GateSettings gate) {

  /** Settings that suit the API, at an address. */
  public static WebexSettings at(URI baseUrl, Credentials credentials) {
    return new WebexSettings(credentials, HttpSettings.at(baseUrl), GateSettings.defaults());
  }

  /** The same with other names for people in the log and in what {@code status} says. */
  public WebexSettings withNames(Pseudonymizer names) {
    GateSettings named =
        new GateSettings(
            gate.maxConcurrency(),
            gate.maxRequestsPerSecond(),
            gate.retries(),
            gate.probes(),
            gate.pauses(),
            names);
    return new WebexSettings(credentials, http, named);
  }
}
