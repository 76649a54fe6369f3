package io.offboarder.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether the service has exactly one way to prove itself to the API. */
final class CredentialChecks {
  private static final String PREFIX = OffboarderConfig.PREFIX + ".webex.";
  private static final List<String> REFRESHING =
      List.of("client-id", "client-secret", "refresh-token");

  private final Set<String> given;

  /** Checks by the keys of the settings that have a value. */
  CredentialChecks(Set<String> given) {
    this.given = given;
  }

  List<ConfigFault> faults() {
    List<ConfigFault> faults = new ArrayList<>();
    for (String secret : List.of("access-token", "client-id", "client-secret", "refresh-token")) {
      if (isSet(secret) && isSet(secret + "-file")) {
        faults.add(
            fault(
                secret,
                "is given, and so is " + PREFIX + secret + "-file; expected one of the two"));
      }
    }
    boolean token = has("access-token");
    List<String> missing = REFRESHING.stream().filter(name -> !has(name)).toList();
    if (token && missing.size() < REFRESHING.size()) {
      faults.add(
          fault(
              "access-token",
              "is given, and so is "
                  + String.join(
                      ", ",
                      REFRESHING.stream().filter(this::has).map(name -> PREFIX + name).toList())
                  + "; expected either an access token, or a client id, a client secret and a"
                  + " refresh token"));
    } else if (!token && missing.size() == REFRESHING.size()) {
      faults.add(
          fault(
              "access-token",
              "is missing; expected an access token, or "
                  + String.join(", ", REFRESHING.stream().map(name -> PREFIX + name).toList())
                  + " (each also as …-file)"));
    } else if (!token) {
      for (String name : missing) {
        faults.add(
            fault(
                name,
                "is missing; a client id, a client secret and a refresh token (each also as"
                    + " …-file) belong together"));
      }
    }
    return faults;
  }

  private boolean has(String secret) {
    return isSet(secret) || isSet(secret + "-file");
  }

  private boolean isSet(String name) {
    return given.contains(PREFIX + name);
  }

  private static ConfigFault fault(String name, String words) {
    String key = PREFIX + name;
    String variable = key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    return new ConfigFault(key, key + " (" + variable + ") " + words);
  }
}
