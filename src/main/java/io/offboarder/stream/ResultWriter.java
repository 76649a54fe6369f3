package io.offboarder.stream;

/**
 * Writes down what finished work publishes. Called on the Kafka thread, because writing takes time
 * that the thread which does the work is short of.
 */
@FunctionalInterface
public interface ResultWriter {

  /**
   * Writes the result. Should not throw: the engine would start the record's work again, after a
   * back-off.
   */
  Result write();
}
