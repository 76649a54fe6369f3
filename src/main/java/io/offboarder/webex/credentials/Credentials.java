package io.offboarder.webex.credentials;

/** What the service proves itself with. Secrets are masked in {@code toString}. */
public sealed interface Credentials {

  /** An access token that somebody else renews, usually by replacing its file. */
  record StaticToken(Secret accessToken) implements Credentials {}

  /**
   * An integration's or a service app's client with a refresh token: access tokens are fetched with
   * it and renewed before they expire and on a 401. A refresh token that comes back with one
   * replaces this one in memory until the configured one changes; it is not written to its file,
   * which is usually a read-only mount.
   */
  record RefreshToken(Secret clientId, Secret clientSecret, Secret refreshToken)
      implements Credentials {}
}
