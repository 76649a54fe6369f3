package io.offboarder.stream;

/** The process is gone in the middle of a call. Not an exception that anybody handles. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("crash", null, false, false);
  }
}
