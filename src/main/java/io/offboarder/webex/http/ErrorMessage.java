package io.offboarder.webex.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.text.Printable;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What an error answer says, in whichever of the API's forms it comes: {@code message} with or
 * without {@code errors}; {@code error} as a list of keys and messages; RFC 6749's {@code error}
 * and {@code error_description}; a gateway's HTML; or nothing.
 *
 * @param message the main sentence, or one about the body where it has none
 * @param detail what the body adds to it
 */
public record ErrorMessage(String message, @Nullable String detail) {

  private static final int LONGEST = 300;
  private static final int LONGEST_REASON = 200;

  /**
   * Reads an error answer. Its texts are masked before they are cut, so that a cut leaves no part
   * of a secret behind.
   */
  public static ErrorMessage of(ApiResponse response, SecretMask mask) {
    JsonNode tree = Json.parse(response.body());
    if (tree != null && tree.isObject()) {
      ErrorMessage error = ofObject(tree, mask);
      if (error != null) {
        return error;
      }
    }
    if (response.header("Location") != null) {
      return new ErrorMessage("a redirect, which is not followed", null);
    }
    return new ErrorMessage(
        response.body().length() == 0
            ? "no explanation in the answer"
            : "no explanation in the answer (" + mask.mask(response.describeBody()) + ")",
        null);
  }

  private static @Nullable ErrorMessage ofObject(JsonNode tree, SecretMask mask) {
    String message = Json.text(tree, "message");
    String detail = null;
    JsonNode errors = tree.get("errors");
    if (errors != null && errors.isArray() && !errors.isEmpty()) {
      detail = Json.text(errors.get(0), "description");
    }
    JsonNode error = tree.get("error");
    if (error != null && error.isTextual()) {
      message = message == null ? error.textValue() : message;
      detail = detail == null ? Json.text(tree, "error_description") : detail;
    } else if (error != null && error.isArray() && !error.isEmpty()) {
      JsonNode messages = error.get(0).get("message");
      if (messages != null && messages.isArray() && !messages.isEmpty()) {
        detail = detail == null ? Json.text(messages.get(0), "description") : detail;
      }
    }
    if (message == null) {
      message = detail;
      detail = null;
    }
    if (message == null || message.isBlank()) {
      return null;
    }
    boolean repeated = detail == null || detail.isBlank() || detail.equals(message);
    return new ErrorMessage(
        shortened(mask.mask(message), LONGEST),
        repeated ? null : shortened(mask.mask(detail), LONGEST));
  }

  /**
   * Why no answer came. An answer that cannot be read is quoted by the library that reads it, and
   * may repeat what was sent.
   */
  public static String reason(Throwable cause, SecretMask mask) {
    return shortened(mask.mask(words(cause)), LONGEST_REASON);
  }

  /** The same of what no secret was sent with. */
  public static String reason(Throwable cause) {
    return shortened(words(cause), LONGEST_REASON);
  }

  private static String words(Throwable cause) {
    boolean handshake = false;
    boolean distrusted = false;
    Throwable root = cause;
    while (true) {
      handshake |= root instanceof SSLException;
      distrusted |= root instanceof CertificateException;
      if (root.getCause() == null) {
        break;
      }
      root = root.getCause();
    }
    if (distrusted) {
      return "its certificate is not trusted: " + message(root);
    }
    return handshake ? "no TLS: " + message(root) : message(cause);
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Both in one line. */
  public String oneLine() {
    return detail == null ? message : message + " (" + detail + ")";
  }

  /** One line of at most so many characters. */
  static String shortened(@Nullable String text, int longest) {
    if (text == null) {
      return "";
    }
    String line = Printable.oneLine(text).replaceAll("\\s+", " ").strip();
    if (line.length() <= longest) {
      return line;
    }
    // Half a character cannot be written as JSON.
    boolean half = Character.isHighSurrogate(line.charAt(longest - 2));
    return line.substring(0, longest - (half ? 2 : 1)) + "…";
  }

  /** The short stable word for a status that ends a request. */
  public static String code(int status) {
    return switch (status) {
      case 400 -> "bad_request";
      case 401 -> "unauthorized";
      case 403 -> "forbidden";
      case 404 -> "not_found";
      case 405 -> "method_not_allowed";
      case 409 -> "conflict";
      case 410 -> "gone";
      case 415 -> "unsupported_media_type";
      default -> "refused_" + String.format(Locale.ROOT, "%d", status);
    };
  }
}
