package io.offboarder.webex.gate;

/** There will be no answer to a request, and it says nothing about the API that there is none. */
public abstract sealed class RequestAbandonedException extends IllegalStateException
    permits ClientClosedException, RequestCancelledException {
  private static final long serialVersionUID = 1L;

  RequestAbandonedException(String message) {
    super(message);
  }
}
