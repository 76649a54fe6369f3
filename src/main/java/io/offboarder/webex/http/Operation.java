package io.offboarder.webex.http;

/** What is asked of the API; the names serve as metric labels. */
public enum Operation {
  /** A person's authorizations. */
  LIST,
  /** Delete one authorization. */
  DELETE,
  /** Delete an org's authorizations of one client. */
  DELETE_BY_CLIENT,
  /** When our own token expires. */
  TOKEN_EXPIRY,
  /** A new access token from the refresh token; the only one sent without an access token. */
  REFRESH
}
