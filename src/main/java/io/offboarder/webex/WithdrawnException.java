package io.offboarder.webex;

/** Its caller is not to begin any more, and the request was not sent. */
public final class WithdrawnException extends NoAnswerException {
  private static final long serialVersionUID = 1L;

  WithdrawnException() {
    super("no longer wanted");
  }
}
