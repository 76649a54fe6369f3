package io.offboarder.webex.gate;

/**
 * The client was closed before the API had answered; whether the request took effect is unknown.
 */
public final class ClientClosedException extends RequestAbandonedException {
  private static final long serialVersionUID = 1L;

  ClientClosedException() {
    super("the client is closed");
  }
}
