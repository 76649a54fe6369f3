package io.offboarder.webex;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;

/** Reads lists for tests of what lies below the client. */
public final class Lists {
  private static final ListParser PARSER = new ListParser(URI.create("https://api.example/v1"));

  private Lists() {}

  /** A parser of lists. */
  public static List<Authorization> authorizations(ApiResponse response)
      throws UnexpectedAnswerException {
    return authorizations(response, WebexSettings.USUAL_LIST_ITEMS, response.body().length());
  }

  /**
   * What a list holds.
   *
   * @param chunk how many bytes come at a time
   */
  static List<Authorization> authorizations(ApiResponse response, int most, int chunk)
      throws UnexpectedAnswerException {
    ListReader reader = new ListReader(count -> count <= most);
    Buffer body = response.body();
    boolean wanted = true;
    for (int at = 0; wanted && at < body.length(); at += chunk) {
      wanted = reader.read(body.slice(at, Math.min(at + chunk, body.length())));
    }
    return PARSER
        .parse(
            new ApiResponse(
                response.status(),
                response.trackingId(),
                response.headers(),
                Buffer.buffer(),
                reader,
                response.truncated() || !wanted))
        .items();
  }
}
