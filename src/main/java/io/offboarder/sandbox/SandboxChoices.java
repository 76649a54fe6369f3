package io.offboarder.sandbox;

/**
 * What Cisco's documentation does not settle. Every value here is this sandbox's choice, not a fact
 * about Webex; a client that depends on one of them depends on a guess.
 *
 * @param unknownAuthorization status for deleting an id that is not there, or not any more
 * @param unknownPerson status for listing a person that is not there
 * @param notOnePerson status for listing with neither or both of personId and personEmail
 * @param nothingOfClient status for deleting by a client id that nobody authorized
 * @param rotateRefreshTokens whether a refresh returns a new refresh token and ends the old one;
 *     sources contradict each other
 */
public record SandboxChoices(
    int unknownAuthorization,
    int unknownPerson,
    int notOnePerson,
    int nothingOfClient,
    boolean rotateRefreshTokens) {

  /** 404, 404, 400, 204, and refresh tokens that stay. */
  public static SandboxChoices defaults() {
    return new SandboxChoices(404, 404, 400, 204, false);
  }

  /** The same with refresh tokens that are replaced at every use, or not. */
  public SandboxChoices withRotateRefreshTokens(boolean rotate) {
    return new SandboxChoices(
        unknownAuthorization, unknownPerson, notOnePerson, nothingOfClient, rotate);
  }
}
