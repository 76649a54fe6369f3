package io.offboarder.sandbox;

/** What a request asks for. */
public enum Operation {
  /** GET /v1/authorizations. */
  LIST,
  /** DELETE /v1/authorizations/{id}. */
  DELETE,
  /** DELETE /v1/authorizations?clientId=. */
  DELETE_BY_CLIENT,
  /** GET /v1/authorizations/tokenExpiry. */
  TOKEN_EXPIRY,
  /** POST /v1/access_token. */
  ACCESS_TOKEN
}
