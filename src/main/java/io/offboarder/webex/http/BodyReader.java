package io.offboarder.webex.http;

import io.vertx.core.buffer.Buffer;

/**
 * Reads the body of one successful answer while it comes, so that it need not be held as a whole.
 * Confined to the loop; must not throw.
 */
public interface BodyReader {

  /**
   * Takes the next bytes.
   *
   * @return false when it needs no more, which ends the exchange
   */
  boolean read(Buffer bytes);
}
