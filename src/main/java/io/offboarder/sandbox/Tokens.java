package io.offboarder.sandbox;

import io.offboarder.sandbox.SandboxSettings.SandboxCredentials;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Issues access tokens and knows which are good. Confined to the sandbox's event loop. */
final class Tokens {
  private final SandboxCredentials credentials;
  private final Duration lifetime;
  private final boolean rotate;
  private final Map<String, Long> expiryMillis = new HashMap<>();
  private String refreshToken;
  private int issued;

  Tokens(SandboxCredentials credentials, Duration lifetime, boolean rotate) {
    this.credentials = credentials;
    this.lifetime = lifetime;
    this.rotate = rotate;
    this.refreshToken = credentials.refreshToken();
    expiryMillis.put(credentials.accessToken(), System.currentTimeMillis() + lifetime.toMillis());
  }

  /** When a token that is good now expires, in milliseconds since 1970; null if it is not good. */
  @Nullable Long expiry(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      return null;
    }
    Long expiry = expiryMillis.get(authorization.substring("Bearer ".length()));
    return expiry == null || expiry <= System.currentTimeMillis() ? null : expiry;
  }

  /** Ends every access token there is. */
  void expireAll() {
    expiryMillis.clear();
  }

  /** The answer to a refresh, or null if it is refused. */
  @Nullable JsonObject refresh(MultiMap form) {
    boolean good =
        "refresh_token".equals(form.get("grant_type"))
            && credentials.clientId().equals(form.get("client_id"))
            && credentials.clientSecret().equals(form.get("client_secret"))
            && refreshToken.equals(form.get("refresh_token"));
    if (!good) {
      return null;
    }
    issued++;
    expiryMillis.values().removeIf(expiry -> expiry <= System.currentTimeMillis());
    String accessToken = credentials.accessToken() + "-" + issued;
    expiryMillis.put(accessToken, System.currentTimeMillis() + lifetime.toMillis());
    if (rotate) {
      refreshToken = credentials.refreshToken() + "-" + issued;
    }
    return new JsonObject()
        .put("access_token", accessToken)
        .put("expires_in", lifetime.toSeconds())
        .put("refresh_token", refreshToken)
        .put("refresh_token_expires_in", Duration.ofDays(90).toSeconds())
        .put("token_type", "Bearer");
  }
}
