package io.offboarder.cases;

import org.jspecify.annotations.Nullable;

/**
 * One case: what waits, its record as it lies on the topic, and what is known beside that. For one
 * thread.
 */
final class CaseEntry {
  final WaitingCase waiting;
  final byte @Nullable [] json;
  final long offset;
  @Nullable Cancellation cancellation;

  /** Of a rescind that is open: what it takes back and has ended since. */
  @Nullable EndedCases ended;

  CaseEntry(WaitingCase waiting, byte @Nullable [] json, long offset) {
    this.waiting = waiting;
    this.json = json;
    this.offset = offset;
  }

  void takesBack(CaseTable.EndedCase one) {
    EndedCases before = ended;
    EndedCases all = before == null ? new EndedCases(waiting.caseId()) : before;
    all.add(one);
    ended = all;
  }

  CaseEvent event() {
    return waiting.event();
  }

  boolean is(CaseState state) {
    return waiting.state() == state;
  }
}
