package io.offboarder.webex.http;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends one request once. */
public interface Transport {

  /**
   * Sends it, unless it may no longer go when a connection is there.
   *
   * @param mayStillGo asked when a connection is there, just before the first byte is written
   * @return the answer; {@link HeldBackException} where the request was not let go; any other
   *     failure where no whole answer came
   */
  Future<ApiResponse> send(
      ApiRequest request,
      String trackingId,
      @Nullable String accessToken,
      BooleanSupplier mayStillGo);

  /** Ends every exchange and lets the connections go. */
  Future<Void> close();

  /** The request was not sent: while it waited for a connection, the gate closed. */
  final class HeldBackException extends Exception {
    private static final long serialVersionUID = 1L;

    HeldBackException() {
      super("held back before it was sent", null, false, false);
    }
  }
}
