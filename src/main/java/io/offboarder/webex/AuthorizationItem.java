package io.offboarder.webex;

import io.offboarder.time.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One item of a list, while it is read. Members of another type count as missing. Texts are bounded
 * here, before anything looks at them: names are cut, and identifiers beyond the bound, which no
 * real one comes near, count as missing, for a cut one would name another thing.
 */
final class AuthorizationItem {

  private static final int LONGEST_ID = 1024;
  private static final int LONGEST_NAME = 1000;

  private @Nullable String id;
  private @Nullable String type;
  private @Nullable String personId;
  private @Nullable String clientId;
  private @Nullable String applicationId;
  private @Nullable String applicationName;
  private @Nullable String created;

  /** A member of the item that is a text; other members are left out. */
  void take(String member, String text) {
    switch (member) {
      case "id" -> id = identifier(text);
      case "type" -> type = text;
      case "personId" -> personId = identifier(text);
      case "clientId" -> clientId = identifier(text);
      case "applicationId" -> applicationId = identifier(text);
      case "applicationName" -> applicationName = cut(text);
      case "created" -> created = text;
      default -> {}
    }
  }

  /** The item, when all its members were taken; one without an id where it had none. */
  Authorization build() {
    return new Authorization(
        id == null ? "" : id,
        type(type),
        personId,
        clientId,
        applicationId,
        applicationName,
        instant(created));
  }

  private static @Nullable String identifier(String text) {
    return text.length() > LONGEST_ID ? null : text;
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST_NAME) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(LONGEST_NAME - 1));
    return text.substring(0, half ? LONGEST_NAME - 1 : LONGEST_NAME);
  }

  private static AuthorizationType type(@Nullable String word) {
    if ("refresh".equalsIgnoreCase(word)) {
      return AuthorizationType.REFRESH;
    }
    return "access".equalsIgnoreCase(word) ? AuthorizationType.ACCESS : AuthorizationType.UNKNOWN;
  }

  /** The date informs the auditor; nothing depends on it. */
  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Timestamp.moment(text).orElse(null);
  }
}
