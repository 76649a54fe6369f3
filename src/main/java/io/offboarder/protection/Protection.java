package io.offboarder.protection;

/**
 * Why somebody or something is not touched.
 *
 * @param code a stable word
 * @param reason for people; names no person
 */
public record Protection(String code, String reason) {
  /** The app that Offboarder calls the API with. */
  public static final Protection OWN_CLIENT =
      new Protection(
          "own_client",
          "this app is the one that Offboarder calls the API with: without its authorizations no"
              + " further event could be acted on");
}
