package io.offboarder.sandbox;

import java.time.Instant;

/**
 * An authorization in the sandbox.
 *
 * @param type {@code refresh} or {@code access}
 */
public record SandboxAuthorization(
    String id,
    String personId,
    String orgId,
    String clientId,
    String applicationId,
    String applicationName,
    Instant created,
    String type) {

  boolean isRefresh() {
    return type.equals("refresh");
  }
}
