package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the simulated journal; what it reads may be all there is, or a part of it. */
final class SimulatedJournalReader implements JournalReader {
  private final SimulatedBroker broker;
  private final Sabotage sabotage;
  private final String run;

  SimulatedJournalReader(SimulatedBroker broker, Sabotage sabotage, String run) {
    this.run = run;
    this.broker = broker;
    this.sabotage = sabotage;
  }

  @Override
  public long end() {
    answer();
    return broker.journal().end();
  }

  @Override
  public Stretch since(Duration beforeLast) {
    answer();
    long end = broker.journal().end();
    if (end == 0) {
      return new Stretch(0, Instant.EPOCH);
    }
    Instant from = broker.journal().get(end - 1).appendedAt().minus(beforeLast);
    long begin = end - 1;
    while (begin > 0 && !broker.journal().get(begin - 1).appendedAt().isBefore(from)) {
      begin--;
    }
    return new Stretch(begin, from);
  }

  @Override
  public Portion read(long from, Duration patience) {
    answer();
    long end = broker.journal().end();
    if (!broker.fate().isCalm() && broker.fate().oneIn(4)) {
      end = Math.min(end, from + 1);
    }
    List<Placed> entries = new ArrayList<>();
    for (long place = from; place < end; place++) {
      Placed entry = broker.journal().get(place);
      if (sabotage.seesInJournal(entry.entry(), run)) {
        entries.add(entry);
      }
    }
    return new Portion(entries, from, Math.max(from, end));
  }

  private void answer() {
    if (broker.fate().isCutOff(broker.faults().committed())) {
      throw new TimeoutException("simulated: no answer about the journal");
    }
  }

  /** It never waits. */
  @Override
  public void wake() {}

  @Override
  public void close() {}
}
