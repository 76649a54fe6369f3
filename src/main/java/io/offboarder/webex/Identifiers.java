package io.offboarder.webex;

/**
 * Which identifiers may be sent. Some cannot be made safe by percent-encoding and are refused:
 *
 * <ul>
 *   <li>{@code .} and {@code ..} are dot segments however they are written (WHATWG URL treats
 *       {@code %2e} as a dot), and a proxy that resolves them turns {@code DELETE
 *       /authorizations/..} into another request.
 *   <li>A slash stays one segment only until a proxy decodes {@code %2F}.
 *   <li>Text with half a surrogate pair has no UTF-8 form; a replacement character would name
 *       another thing.
 *   <li>A blank one would turn the delete of one authorization into that of many.
 * </ul>
 */
final class Identifiers {

  private Identifiers() {}

  /** Whether this may be a query parameter's value. */
  static boolean isUsable(String value) {
    return !value.isBlank() && !value.equals(".") && !value.equals("..") && isWellFormed(value);
  }

  private static boolean isWellFormed(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        return value
            .codePoints()
            .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
      }
    }
    return true;
  }

  /** Whether this may be a segment of a path. */
  static boolean isPathSegment(String value) {
    return isUsable(value) && value.indexOf('/') < 0 && value.indexOf('\\') < 0;
  }
}
