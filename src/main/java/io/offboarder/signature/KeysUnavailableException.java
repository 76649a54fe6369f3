package io.offboarder.signature;

/**
 * Keys could not be fetched now, or the key that is named is unknown and they were fetched a moment
 * ago: it is not known yet whether a signature is right.
 */
public final class KeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeysUnavailableException(KeySet keys, Throwable cause) {
    super(
        "the keys of " + keys.source() + " cannot be read now: " + cause.getClass().getSimpleName(),
        cause);
  }
}
