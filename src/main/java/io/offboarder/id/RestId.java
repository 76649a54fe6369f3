package io.offboarder.id;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Webex REST id: the Base64 form of {@code ciscospark://<cluster>/<type>/<name>}. The API writes
 * it unpadded and in the URL-safe alphabet; other systems pad it, or use the common alphabet. Two
 * ids that are the same but for that name the same thing.
 *
 * @param cluster {@code us} for people and organizations; others as {@code urn:TEAM:us-west-2_r}
 * @param type what is named: {@link #PEOPLE}, {@link #ORGANIZATION}, {@code AUTHORIZATION} …
 * @param name of a person or an organization its UUID, as it was written
 */
public record RestId(String cluster, String type, String name) {

  /** The type of a person's id. */
  public static final String PEOPLE = "PEOPLE";

  /** The type of an organization's id. */
  public static final String ORGANIZATION = "ORGANIZATION";

  private static final String SCHEME = "ciscospark://";
  private static final String URN = "urn:uuid:";

  /** Real ones have some 80 characters. */
  private static final int LONGEST = 1024;

  /**
   * Reads an id in any of its Base64 forms.
   *
   * @return null where the text is anything else, such as a bare UUID
   */
  public static @Nullable RestId parse(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    String uri = decoded(text);
    return uri == null ? null : ofUri(uri);
  }

  private static @Nullable String decoded(String text) {
    try {
      String unpadded = text.replace("=", "").replace('+', '-').replace('/', '_');
      return new String(Base64.getUrlDecoder().decode(unpadded), ISO_8859_1);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static @Nullable RestId ofUri(String uri) {
    int type = uri.indexOf('/', SCHEME.length()) + 1;
    int name = uri.indexOf('/', type) + 1;
    boolean whole = uri.startsWith(SCHEME) && type > 0 && name > 0 && name < uri.length();
    if (!whole || !isVisibleAscii(uri)) {
      return null;
    }
    return new RestId(
        uri.substring(SCHEME.length(), type - 1),
        uri.substring(type, name - 1),
        uri.substring(name));
  }

  private static boolean isVisibleAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads an id in any form that systems around the REST API write it in: as {@link #parse} does,
   * as the URI within, as a UUID (bare, in braces or as a URN), or as that in Base64. A UUID in
   * capitals is the same one.
   *
   * @param type what a UUID stands for
   * @return null where the text is anything else
   */
  public static @Nullable RestId parseAnyForm(String text, String type) {
    RestId parsed = parse(text);
    if (parsed != null) {
      return parsed.inLowerCase();
    }
    String uuid = unwrapped(text);
    String plain = isUuid(uuid) ? uuid : text.startsWith(SCHEME) ? text : decoded(text);
    if (plain == null) {
      return null;
    }
    RestId id = isUuid(plain) ? new RestId("us", type, plain) : ofUri(plain);
    return id == null ? null : id.inLowerCase();
  }

  /** With its UUID as the API writes one. */
  private RestId inLowerCase() {
    return isUuid(name) ? new RestId(cluster, type, name.toLowerCase(Locale.ROOT)) : this;
  }

  /** What is in the braces of Windows' directories, or behind the prefix of RFC 9562's URN. */
  private static String unwrapped(String text) {
    if (text.startsWith("{") && text.endsWith("}")) {
      return text.substring(1, text.length() - 1);
    }
    return text.regionMatches(true, 0, URN, 0, URN.length()) ? text.substring(URN.length()) : text;
  }

  /** The id as the API writes it. */
  public String encoded() {
    String uri = SCHEME + cluster + "/" + type + "/" + name;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(uri.getBytes(ISO_8859_1));
  }

  /**
   * What to compare ids of one type by: the UUID, in lower case, of a REST id of that type and of a
   * bare UUID; any other text is itself, and compares exactly.
   */
  public static String comparable(String id, String type) {
    RestId rest = parse(id);
    if (rest != null && rest.type().equals(type)) {
      return rest.name().toLowerCase(Locale.ROOT);
    }
    return isUuid(id) ? id.toLowerCase(Locale.ROOT) : id;
  }

  /** The same of an id in any form that {@link #parseAnyForm} reads. */
  public static String comparableInAnyForm(String id, String type) {
    RestId rest = parseAnyForm(id, type);
    return rest == null ? id : comparable(rest.encoded(), type);
  }

  /** Whether this is a bare UUID, as SCIM and Webex's audit log name people. */
  public static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      char c = text.charAt(i);
      if (dash ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
        return false;
      }
    }
    return true;
  }
}
