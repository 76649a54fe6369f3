package io.offboarder.webex;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.offboarder.webex.http.BodyReader;
import io.offboarder.webex.http.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Reads one list of authorizations while its bytes come, item by item, up to a number of them. What
 * it holds are the items; of the bytes it holds none but those of a value that is not whole yet.
 */
final class ListReader implements BodyReader {

  private static final int MOST_NOT_FOUND = 100;

  /** What the array at hand, a member of the answer, holds. */
  private enum Inside {
    ITEMS,
    NOT_FOUND,
    OTHER
  }

  private final IntPredicate mayHold;
  private final JsonParser json = Json.streamingParser();
  private final ByteArrayFeeder bytes = (ByteArrayFeeder) json.getNonBlockingInputFeeder();
  private final List<Authorization> items = new ArrayList<>();
  private final Set<String> notFound = new HashSet<>();

  /** How many objects and arrays are open: 1 in the answer, 2 in a list, 3 in an item. */
  private int depth;

  private Inside inside = Inside.OTHER;
  private AuthorizationItem item = new AuthorizationItem();
  private String member = "";
  private long length;
  private boolean listed;
  private boolean ended;
  private boolean malformed;
  private boolean full;

  /**
   * A reader of one answer.
   *
   * @param mayHold whether it may have so many items; once it may not have another, it needs no
   *     more bytes
   */
  ListReader(IntPredicate mayHold) {
    this.mayHold = mayHold;
  }

  @Override
  public boolean read(Buffer chunk) {
    length += chunk.length();
    try {
      bytes.feedInput(chunk.getBytes(), 0, chunk.length());
      takeTokens();
    } catch (IOException notJson) {
      malformed = true;
    }
    return !malformed && !isFull();
  }

  /** There are no more bytes. */
  void end() {
    try {
      bytes.endOfInput();
      takeTokens();
    } catch (IOException notWhole) {
      malformed = true;
    }
  }

  private void takeTokens() throws IOException {
    while (!malformed && !isFull()) {
      JsonToken token = json.nextToken();
      if (token == null || token == JsonToken.NOT_AVAILABLE) {
        return;
      }
      if (token.isStructStart()) {
        opened(token);
      } else if (token.isStructEnd()) {
        closed();
      } else if (token == JsonToken.FIELD_NAME) {
        member = depth == 1 || depth == 3 ? json.currentName() : "";
      } else {
        scalar(token);
      }
    }
  }

  private void opened(JsonToken token) {
    boolean array = token == JsonToken.START_ARRAY;
    malformed = depth == 0 && (array || ended);
    if (depth == 1) {
      inside = array ? inside(member) : Inside.OTHER;
      listed |= inside == Inside.ITEMS;
    } else if (depth == 2) {
      item = new AuthorizationItem();
    }
    member = "";
    depth++;
  }

  private static Inside inside(String member) {
    return switch (member) {
      case "items" -> Inside.ITEMS;
      case "notFoundIds" -> Inside.NOT_FOUND;
      default -> Inside.OTHER;
    };
  }

  private void closed() {
    depth--;
    ended |= depth == 0;
    if (depth == 2 && inside == Inside.ITEMS) {
      add(item.build());
    }
    member = "";
  }

  private void scalar(JsonToken token) throws IOException {
    malformed = depth == 0;
    if (depth == 2 && inside == Inside.ITEMS) {
      add(new AuthorizationItem().build());
    }
    if (token == JsonToken.VALUE_STRING) {
      if (depth == 2 && inside == Inside.NOT_FOUND && notFound.size() < MOST_NOT_FOUND) {
        notFound.add(json.getText());
      } else if (depth == 3 && inside == Inside.ITEMS) {
        item.take(member, json.getText());
      }
    }
  }

  private void add(Authorization authorization) {
    if (mayHold.test(items.size() + 1)) {
      items.add(authorization);
    } else {
      full = true;
    }
  }

  /** Whether it has as many items as it may; there are more. */
  boolean isFull() {
    return full;
  }

  /** Whether all of it was read, and it was an answer with a list and nothing after it. */
  boolean isWhole() {
    return ended && listed && !malformed;
  }

  /** Whether what was read is no JSON, or no object. */
  boolean isMalformed() {
    return malformed;
  }

  /** How many bytes were read. */
  long length() {
    return length;
  }

  /** In the answer's order. */
  List<Authorization> items() {
    return List.copyOf(items);
  }

  /** The ids and addresses that the API says it does not know. */
  Set<String> notFound() {
    return Set.copyOf(notFound);
  }
}
