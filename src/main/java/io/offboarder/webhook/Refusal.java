package io.offboarder.webhook;

/**
 * Why a request is not taken, in the words of RFC 8935.
 *
 * @param status of the answer
 * @param err a stable word; where RFC 8935 has one, that
 * @param description for the sender's people; shows nothing of the request
 */
record Refusal(int status, String err, String description) {

  /** Nobody has shown to be the sender. */
  static Refusal unauthenticated(String description) {
    return new Refusal(401, "authentication_failed", description);
  }

  /** It is not what is expected here. */
  static Refusal invalid(String description) {
    return new Refusal(400, "invalid_request", description);
  }
}
