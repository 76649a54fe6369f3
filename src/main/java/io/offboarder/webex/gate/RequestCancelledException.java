package io.offboarder.webex.gate;

/** Nobody waits for the answer any more; the request was not sent, or its answer not waited for. */
public final class RequestCancelledException extends RequestAbandonedException {
  private static final long serialVersionUID = 1L;

  /** Work was cancelled that would have made further requests. */
  public RequestCancelledException() {
    super("no longer wanted");
  }
}
