package io.offboarder.event;

/** Carries a fault from where it is found to where the event is given up. */
final class FaultException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient EventFault fault;

  FaultException(EventFault fault) {
    super(fault.message(), null, false, false);
    this.fault = fault;
  }

  FaultException(EventFault.Code code, String field, String was, String expected) {
    this(EventFault.of(code, field, was, expected));
  }

  /** For a value that is shown. */
  FaultException(EventFault.Code code, String field, Quoted value, String expected) {
    this(EventFault.of(code, field, "was " + value.shown(), "was " + value.hidden(), expected));
  }

  EventFault fault() {
    return fault;
  }
}
