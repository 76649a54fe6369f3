package io.offboarder.registry;

import org.apache.avro.Schema;

/** A schema as far as records are read by it. */
sealed interface RecordSchema {

  /** JSON, which is read without its schema. */
  record Json() implements RecordSchema {}

  /** Avro. */
  record Avro(Schema schema) implements RecordSchema {}

  /**
   * None that records are read by.
   *
   * @param words what it is
   */
  record Unreadable(String words) implements RecordSchema {}
}
