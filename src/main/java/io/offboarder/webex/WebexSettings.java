package io.offboarder.webex;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.http.HttpSettings;
import java.net.URI;

/**
 * What the client is made from: the settings of its rooms.
 *
 * @param maxListItems the most authorizations that are taken from one list; of more, the first
 */
public record WebexSettings(
    Credentials credentials, HttpSettings http, GateSettings gate, int maxListItems) {

  /** More than a person has in years. */
  public static final int USUAL_LIST_ITEMS = 10_000;

  /** Checks the bound on lists. */
  public WebexSettings {
    if (maxListItems < 1) {
      throw new IllegalArgumentException(
          "maxListItems is " + maxListItems + "; expected at least 1");
    }
  }

  /** Settings that suit the API, at an address. */
  public static WebexSettings at(URI baseUrl, Credentials credentials) {
    return new WebexSettings(
        credentials, HttpSettings.at(baseUrl), GateSettings.defaults(), USUAL_LIST_ITEMS);
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
    return new WebexSettings(credentials, http, named, maxListItems);
  }
}
