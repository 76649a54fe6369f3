package io.offboarder.config;

import io.offboarder.webhook.Endpoint;
import io.offboarder.webhook.Endpoints;
import java.util.List;
import java.util.Set;

/** What the settings of pushes must be to each other and to others. */
final class WebhookChecks {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");
  private static final String CERTIFICATE = WebhooksConfig.PREFIX + ".tls-certificate-file";
  private static final String KEY = WebhooksConfig.PREFIX + ".tls-key-file";
  private static final String ENDPOINTS = WebhooksConfig.PREFIX + ".endpoints";

  private final Settings settings;
  private final SourcedValues held;
  private final Endpoints endpoints;

  WebhookChecks(Settings settings, SourcedValues held, Endpoints endpoints) {
    this.settings = settings;
    this.held = held;
    this.endpoints = endpoints;
  }

  void run() {
    transport();
    topics();
    tokens();
  }

  private void transport() {
    boolean hasCertificate = held.get(CERTIFICATE) != null;
    if (hasCertificate != (held.get(KEY) != null)) {
      fault(
          hasCertificate ? KEY : CERTIFICATE,
          "is missing; " + (hasCertificate ? CERTIFICATE : KEY) + " needs it");
    } else if (!hasCertificate
        && !LOOPBACK.contains(held.text(WebhooksConfig.PREFIX + ".host"))
        && held.get(WebhooksConfig.PREFIX + ".allow-plain-http") == null) {
      fault(
          CERTIFICATE,
          "is missing, and plain http from another machine would show everybody on the way the"
              + " secrets and who leaves; expected it, or "
              + settings.get(WebhooksConfig.PREFIX + ".allow-plain-http").names()
              + ": I_ACCEPT_THAT_OTHERS_CAN_READ_AND_FORGE_EVENTS, where what is in front of it on"
              + " the same machine or mesh speaks TLS");
    }
  }

  /** What lies on a topic that is not read revokes nobody. */
  private void topics() {
    SourcedValue inputs = held.get(KafkaConfig.PREFIX + ".input-topics");
    List<String> known =
        inputs == null ? List.of() : inputs.texts().stream().map(String::strip).toList();
    for (Endpoint each : endpoints.all()) {
      if (!known.contains(each.topic())) {
        fault(
            ENDPOINTS,
            "has "
                + each.path()
                + " with the topic "
                + each.topic()
                + ", which is none of "
                + settings.get(KafkaConfig.PREFIX + ".input-topics").names());
      }
    }
  }

  private void tokens() {
    if (!endpoints.forTokens().isEmpty()) {
      for (String needed : List.of("keys", "token-audience")) {
        String key = SignaturesConfig.PREFIX + "." + needed;
        if (held.get(key) == null) {
          fault(
              ENDPOINTS,
              "has "
                  + String.join(", ", endpoints.forTokens())
                  + " with verify: set, which needs "
                  + settings.get(key).names());
        }
      }
    }
  }

  private void fault(String key, String words) {
    held.fault(key, settings.get(key).names() + " " + words);
  }
}
