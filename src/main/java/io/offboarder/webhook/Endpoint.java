package io.offboarder.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path that requests come to.
 *
 * @param path where, beginning with a slash
 * @param topic where their bodies go
 * @param verification how their sender is known
 * @param greeting what the sender does before it sends events
 * @param headers that go into the record, in lower case, if they are there
 * @param key where in a JSON body the record's key is; null for records without one
 */
public record Endpoint(
    String path,
    String topic,
    Verification verification,
    Greeting greeting,
    List<String> headers,
    @Nullable JsonPointer key) {

  /** Copies the list. */
  public Endpoint {
    headers = List.copyOf(headers);
  }

  /** What a sender asks once, to see whether it is listened to. Nothing of it is published. */
  public enum Greeting {
    /** Nothing. */
    NONE,
    /** A GET whose header has to be repeated. */
    OKTA_CHALLENGE,
    /** A body that says ping. */
    HIBOB_PING
  }
}
