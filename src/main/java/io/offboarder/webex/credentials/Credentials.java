package io.offboarder.webex.credentials;

import org.jspecify.annotations.Nullable;

/** How the service authenticates itself to the API. Secrets are masked in {@code toString}. */
public sealed interface Credentials {

  /** An access token that somebody else renews, usually by replacing its file. */
  record StaticToken(Secret accessToken) implements Credentials {}

  /**
   * An integration's or a service app's client with a refresh token: access tokens are fetched with
   * it and renewed before they expire and on a 401. A refresh token that comes back with one
   * replaces this one until the configured one changes. It is not written to the configured file,
   * which is usually a read-only mount.
   *
   * @param keptIn where a refresh token that came back is kept; null to keep it in memory alone
   */
  record RefreshToken(
      Secret clientId, Secret clientSecret, Secret refreshToken, @Nullable RefreshTokenFile keptIn)
      implements Credentials {

    /** Keeps what comes back in memory alone. */
    public RefreshToken(Secret clientId, Secret clientSecret, Secret refreshToken) {
      this(clientId, clientSecret, refreshToken, null);
    }
  }
}
