package io.offboarder.webex.http;

/** What an HTTP status means for a request. */
public enum StatusClass {
  SUCCESS,
  /** Everybody is to wait. */
  THROTTLED,
  UNAUTHORIZED,
  FORBIDDEN,
  /** A refusal of this very request: asking again would not change it. */
  FINAL,
  /** May pass: 5xx, 408, 425, and what no API should answer, as redirects. */
  FAILING;

  /**
   * Whether the API works and knows who we are. What it forbids may be this one operation alone.
   */
  public boolean letsUsIn() {
    return this != UNAUTHORIZED && this != FAILING;
  }

  /** What a status code means; one that HTTP does not have counts as failing. */
  public static StatusClass of(int code) {
    if (code >= 200 && code < 300) {
      return SUCCESS;
    }
    return switch (code) {
      case 429, 423 -> THROTTLED;
      case 401 -> UNAUTHORIZED;
      case 403 -> FORBIDDEN;
      case 408, 425 -> FAILING;
      default -> code >= 400 && code < 500 ? FINAL : FAILING;
    };
  }
}
