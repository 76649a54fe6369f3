package io.offboarder.webex;

/** There will be no answer to a request, and it says nothing about the API that there is none. */
public abstract sealed class NoAnswerException extends IllegalStateException
    permits ClientClosedException, WithdrawnException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message) {
    super(message);
  }
}
