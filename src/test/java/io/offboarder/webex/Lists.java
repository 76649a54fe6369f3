package io.offboarder.webex;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;
import java.net.URI;
import java.util.List;

/** Reads lists for tests of what lies below the client. */
public final class Lists {
  private static final ListParser PARSER =
      new ListParser(URI.create("https://api.example/v1"), WebexSettings.USUAL_LIST_ITEMS);

  private Lists() {}

  /** A parser of lists. */
  public static List<Authorization> authorizations(ApiResponse response)
      throws UnexpectedAnswerException {
    return PARSER.parse(response).items();
  }
}
