package io.offboarder.webex;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Json;
import io.offboarder.webex.http.ResponseParser;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of authorizations item by item, up to a number of them. A person may have collected
 * any number; those beyond the bound are listed once those before it are deleted.
 */
final class ListParser implements ResponseParser<ListParser.Page> {

  /**
   * What one answer lists.
   *
   * @param items in the answer's order
   * @param notFound the ids and addresses that the API says it does not know
   * @param next the path of the next page; null where there is none
   */
  record Page(List<Authorization> items, Set<String> notFound, @Nullable String next) {}

  private static final Pattern NEXT =
      Pattern.compile(
          "<([^<>]*)>\\s*;[^,<]*\\brel\\s*=\\s*(?:\"next\"|next\\b)", Pattern.CASE_INSENSITIVE);

  private static final int MOST_NOT_FOUND = 100;

  private final URI baseUrl;
  private final int maxItems;

  /**
   * A parser.
   *
   * @param baseUrl below which a next page may be; anywhere else none is asked for
   * @param maxItems of one list; what follows them is not looked at
   */
  ListParser(URI baseUrl, int maxItems) {
    this.baseUrl = baseUrl;
    this.maxItems = maxItems;
  }

  @Override
  public Page parse(ApiResponse response) throws UnexpectedAnswerException {
    if (response.status() != 200) {
      throw new UnexpectedAnswerException(response.status() + " instead of 200");
    }
    List<Authorization> items = new ArrayList<>();
    Set<String> notFound = new HashSet<>();
    boolean listed = false;
    try (JsonParser json = Json.parser(response.body())) {
      listed = read(json, items, notFound);
    } catch (IOException e) {
      // Where the answer was cut, what came before the cut is good; else it is no answer at all.
      listed = response.truncated() && !items.isEmpty();
    }
    if (!listed) {
      throw new UnexpectedAnswerException(
          response.truncated()
              ? "200 without an authorization within webex.max-response-bytes"
              : "200 without a JSON array \"items\" (" + response.describeBody() + ")");
    }
    String next = items.size() < maxItems ? next(response.header("Link")) : null;
    return new Page(List.copyOf(items), Set.copyOf(notFound), next);
  }

  /** False where the answer has no list. */
  private boolean read(JsonParser json, List<Authorization> items, Set<String> notFound)
      throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    boolean listed = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      boolean array = json.nextToken() == JsonToken.START_ARRAY;
      if (array && member.equals("items")) {
        listed = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          items.add(AuthorizationReader.read(json));
          if (items.size() == maxItems) {
            return true;
          }
        }
      } else if (array && member.equals("notFoundIds")) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (json.currentToken() == JsonToken.VALUE_STRING && notFound.size() < MOST_NOT_FOUND) {
            notFound.add(json.getText());
          }
          json.skipChildren();
        }
      } else {
        json.skipChildren();
      }
    }
    return listed && json.nextToken() == null;
  }

  /**
   * The path of the next page, if the answer names one.
   *
   * @throws UnexpectedAnswerException if it is anywhere but where the API's lists are: our token
   *     must not get there, and without the page the list proves nothing
   */
  private @Nullable String next(@Nullable String link) throws UnexpectedAnswerException {
    Matcher next = link == null ? null : NEXT.matcher(link);
    if (next == null || !next.find()) {
      return null;
    }
    try {
      URI page = baseUrl.resolve(next.group(1));
      String base = baseUrl.getRawPath() == null ? "" : baseUrl.getRawPath().replaceAll("/+$", "");
      String path = page.normalize().getRawPath();
      if (isSameHost(page)
          && path != null
          && path.equals(base + AuthorizationRequests.PATH)
          && page.getRawQuery() != null) {
        return AuthorizationRequests.PATH + "?" + page.getRawQuery();
      }
    } catch (IllegalArgumentException notAUrl) {
      throw new UnexpectedAnswerException("a list whose next page has no URL");
    }
    throw new UnexpectedAnswerException(
        "a list whose next page is not below webex.base-url, and is not asked for");
  }

  private boolean isSameHost(URI page) {
    return baseUrl.getScheme().equalsIgnoreCase(page.getScheme())
        && baseUrl.getHost().equalsIgnoreCase(page.getHost())
        && port(baseUrl) == port(page)
        && page.getRawUserInfo() == null;
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }
}
