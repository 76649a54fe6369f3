package io.offboarder.stream;

import java.time.Instant;
import org.apache.kafka.common.errors.TimeoutException;

/** Appends to the simulated journal; an append may fail, or be done without an answer. */
final class SimulatedJournalWriter implements JournalWriter {
  private final SimulatedInstance instance;
  private final SimulatedBroker broker;

  SimulatedJournalWriter(SimulatedInstance instance) {
    this.instance = instance;
    this.broker = instance.broker();
  }

  @Override
  public void append(JournalEntry entry, boolean backlog, Appended appended) {
    Fate fate = broker.fate();
    boolean fails = fate.isCutOff(broker.faults().send());
    if (fails && fate.oneIn(2)) {
      answer(() -> appended.ended(null, new TimeoutException("simulated: not appended")));
      return;
    }
    instance.call("append");
    long place = broker.journal().append(entry);
    if (fate.isTracing()) {
      instance.note("appends to the journal at", place, entry);
    }
    if (fails) {
      answer(() -> appended.ended(null, new TimeoutException("simulated: appended, no answer")));
    } else {
      answer(() -> appended.ended(new Place(place, Instant.EPOCH.plus(fate.now())), null));
    }
  }

  private void answer(Runnable answer) {
    if (broker.fate().oneIn(2)) {
      answer.run();
    } else {
      broker
          .fate()
          .after(
              broker.fate().below(5_000),
              () -> {
                if (instance.isAlive()) {
                  answer.run();
                }
              });
    }
  }

  @Override
  public void close() {}
}
