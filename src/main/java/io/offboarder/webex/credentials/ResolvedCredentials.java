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
      return new Grant(
          grant.clientId().read(), grant.clientSecret().read(), grant.refreshToken().read());
    }
    return new Token(((Credentials.StaticToken) credentials).accessToken().read());
  }
}
