package io.offboarder.webex;

/** What an authorization is good for. */
public enum AuthorizationType {
  /** Creates access tokens; deleting it revokes every access authorization made from it. */
  REFRESH,
  /** One access token; the app may mint another as long as its refresh authorization lives. */
  ACCESS,
  /** The API named no type, or one that is not documented. */
  UNKNOWN
}
