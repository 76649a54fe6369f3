package io.offboarder.webex.gate;

/** Its caller is not to begin any more, and the request was not sent. */
public final class RequestCancelledException extends RequestAbandonedException {
  private static final long serialVersionUID = 1L;

  RequestCancelledException() {
    super("no longer wanted");
  }
}
