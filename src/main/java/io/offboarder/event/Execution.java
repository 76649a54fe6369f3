package io.offboarder.event;

/** Whether what an event asks for is done, or only found out. */
public enum Execution {
  /** It is done. */
  REAL,
  /** Nothing is deleted; the outcome says what would have been. */
  DRY_RUN
}
