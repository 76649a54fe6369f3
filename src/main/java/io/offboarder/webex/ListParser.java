package io.offboarder.webex;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ResponseParser;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the answer says that a {@link ListReader} has read. A person may have collected any
 * number of authorizations; those beyond its bound are listed once those before it are deleted.
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

  private final URI baseUrl;

  /**
   * A parser.
   *
   * @param baseUrl below which a next page may be; anywhere else none is asked for
   */
  ListParser(URI baseUrl) {
    this.baseUrl = baseUrl;
  }

  @Override
  public Page parse(ApiResponse response) throws UnexpectedAnswerException {
    if (response.status() != 200 || !(response.reader() instanceof ListReader list)) {
      throw new UnexpectedAnswerException(response.status() + " instead of 200");
    }
    if (!response.truncated()) {
      list.end();
    }
    // Of an answer that was cut, what came before the cut is good.
    boolean listed = response.truncated() ? !list.isMalformed() : list.isWhole();
    boolean nothingFits = response.truncated() && list.items().isEmpty() && !list.isFull();
    if (!listed || nothingFits) {
      throw new UnexpectedAnswerException(
          listed
              ? "200 without an authorization within webex.max-response-bytes"
              : "200 without a JSON array \"items\" ("
                  + response.describeBody(list.length())
                  + ")");
    }
    String next = list.isFull() ? null : next(response.header("Link"));
    return new Page(list.items(), list.notFound(), next);
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
