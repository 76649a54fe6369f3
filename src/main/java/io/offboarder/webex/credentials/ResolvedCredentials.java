package io.offboarder.webex.credentials;

import java.io.IOException;

/** Credentials in the clear: held in memory, shown nowhere. */
public sealed interface ResolvedCredentials {

  /** A static access token. */
  record Token(String accessToken) implements ResolvedCredentials {
    @Override
    public String toString() {
      return "Token[***]";
    }
  }

  /** What a refresh takes. */
  record Grant(String clientId, String clientSecret, String refreshToken)
      implements ResolvedCredentials {
    @Override
    public String toString() {
      return "Grant[***]";
    }
  }

  /** The values as they are now. Blocks on files. */
  static ResolvedCredentials read(Credentials credentials) throws IOException {
    if (credentials instanceof Credentials.RefreshToken grant) {
      String configured = grant.refreshToken().read();
      RefreshTokenFile keptIn = grant.keptIn();
      return new Grant(
          grant.clientId().read(),
          grant.clientSecret().read(),
          keptIn == null ? configured : keptIn.newest(configured));
    }
    return new Token(((Credentials.StaticToken) credentials).accessToken().read());
  }

  /**
   * Keeps a refresh token that came back, if there is a file for it. Blocks on files.
   *
   * @return whether there is a file for it
   */
  static boolean keep(Credentials credentials, String refreshToken) throws IOException {
    if (credentials instanceof Credentials.RefreshToken grant && grant.keptIn() != null) {
      grant.keptIn().keep(grant.refreshToken().read(), refreshToken);
      return true;
    }
    return false;
  }
}
