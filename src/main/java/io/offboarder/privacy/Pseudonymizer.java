package io.offboarder.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.id.RestId;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Names that stand for people. A pseudonym is the same for the same person for as long as the key
 * is, so outcomes and log lines can still be joined; without the key nobody can tell whom it stands
 * for, nor try out addresses until one fits, as with a bare hash.
 *
 * <p>It is {@code p-} and the first 24 hexadecimal digits of HMAC-SHA256 (RFC 2104) over the
 * address in lower case or the id as it is, in UTF-8. Thread-safe.
 */
public final class Pseudonymizer {
  /** Everybody is named as they are. */
  public static final Pseudonymizer NONE = new Pseudonymizer(null);

  /** The fewest characters of a key. */
  public static final int SHORTEST_KEY = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final String MARK = "p-";

  /** 96 bits: among a million people, two with one pseudonym are a chance of 1 in 10^17. */
  private static final int DIGITS = 24;

  /** Texts are shortened before they come here, so the word at the cut may be half a name. */
  private static final Pattern CUT_WORD = Pattern.compile("(?<!\\S)\\S*…");

  /**
   * An address that somebody wrote into a sentence, a URL or JSON. RFC 5321 bounds its parts by 64
   * and 255 octets, each of which may be percent-encoded. Without a bound the search would take
   * quadratic time on a long word.
   */
  private static final String ADDRESS =
      "[^\\s@\"<>(),;:=&?/\\\\|\\[\\]{}'][^\\s@\"<>(),;:=&?/\\\\|\\[\\]{}]{0,191}(?:@|%40)"
          + "[^\\s@\"<>(),;:=&?/\\\\|\\[\\]{}']{0,764}[\\p{L}\\p{N}]";

  /** Webex's REST ids: Base64 that begins with {@code ciscospark://}. */
  private static final String REST_ID = "Y2lzY29zcGFyazov[\\w+/=-]{8,}";

  /** Names as short as this stand for a person only where they stand alone. */
  private static final int SHORT_NAME = 8;

  private final @Nullable SecretKeySpec key;

  private Pseudonymizer(@Nullable SecretKeySpec key) {
    this.key = key;
  }

  /**
   * Pseudonyms by a key.
   *
   * @throws IllegalArgumentException if the key is shorter than {@link #SHORTEST_KEY}
   */
  public static Pseudonymizer with(String key) {
    if (key.length() < SHORTEST_KEY) {
      throw new IllegalArgumentException("a key has at least " + SHORTEST_KEY + " characters");
    }
    return new Pseudonymizer(new SecretKeySpec(key.getBytes(UTF_8), ALGORITHM));
  }

  /** Whether everybody is named as they are. */
  public boolean isNone() {
    return key == null;
  }

  /** What stands for a person's id or e-mail address. */
  public String person(String name) {
    if (key == null) {
      return name;
    }
    String one = name.indexOf('@') < 0 ? name : name.toLowerCase(Locale.ROOT);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] whole = mac.doFinal(one.getBytes(UTF_8));
      return MARK + HexFormat.of().formatHex(whole).substring(0, DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * A text that somebody else wrote, with pseudonyms for these people, in whichever way it writes
   * them, and for every other e-mail address and Webex person id in it.
   *
   * @param people ids and addresses of whom the text may be about
   */
  public String text(String text, Collection<String> people) {
    if (key == null) {
      return text;
    }
    List<String> names =
        people.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    return pattern(names)
        .matcher(CUT_WORD.matcher(text).replaceAll("…"))
        .replaceAll(found -> Matcher.quoteReplacement(replacement(found, names)));
  }

  private String replacement(MatchResult found, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (found.group(i + 1) != null) {
        return person(names.get(i));
      }
    }
    String name = found.group().replace("%40", "@");
    return name.indexOf('@') >= 0 || uuid(name) != null ? person(name) : name;
  }

  /** A group for each name, then one for what else looks like a person's. */
  private static Pattern pattern(List<String> names) {
    return Pattern.compile(
        Stream.concat(
                names.stream().map(name -> "((?iu:" + spellings(name) + "))"),
                Stream.of(ADDRESS, REST_ID))
            .collect(Collectors.joining("|")));
  }

  /** A name as it is or percent-encoded, and the UUID within a REST id. */
  private static String spellings(String name) {
    String spelled =
        name.codePoints().mapToObj(Pseudonymizer::spellings).collect(Collectors.joining());
    String uuid = uuid(name);
    if (uuid != null) {
      return spelled + "|" + Pattern.quote(uuid);
    }
    return name.length() > SHORT_NAME
        ? spelled
        : "(?<![\\p{L}\\p{N}])" + spelled + "(?![\\p{L}\\p{N}])";
  }

  private static String spellings(int codePoint) {
    String plain = Character.toString(codePoint);
    String percent = HexFormat.of().formatHex(plain.getBytes(UTF_8)).replaceAll("..", "%$0");
    return "(?:" + Pattern.quote(plain) + "|" + percent + ")";
  }

  /** The UUID that a person's REST id wraps; null for anything else. */
  private static @Nullable String uuid(String id) {
    RestId rest = RestId.parse(id);
    return rest != null && rest.type().equals(RestId.PEOPLE) ? rest.name() : null;
  }
}
