package io.offboarder.webex.http;

/**
 * Reads what a 2xx answer says. An answer that does not say what the operation promises proves
 * nothing: a gateway's page served as 200 must never pass for an empty list.
 */
public interface ResponseParser<T> {

  /**
   * The answer's value.
   *
   * @throws UnexpectedAnswerException if this is not the answer that the API documents
   */
  T parse(ApiResponse response) throws UnexpectedAnswerException;

  /** The answer is a success by its status, and yet not what was asked for. */
  final class UnexpectedAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What came instead of what was expected; never holds a secret. */
    public UnexpectedAnswerException(String message) {
      super(message, null, false, false);
    }
  }
}
