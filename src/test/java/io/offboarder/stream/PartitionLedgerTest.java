package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.stream.OffsetMetadata.Decoded;
import io.offboarder.stream.PartitionLedger.Admission;
import io.offboarder.stream.PartitionLedger.Proposal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A partition's ledger")
class PartitionLedgerTest {
  private static final Decoded NOTHING = Decoded.nothing();

  /**
   * One partition with gaps, owned by one instance after the other. Each finishes records in any
   * order, flushes now and then, sometimes in vain, and crashes at any moment; the next restores
   * from what was committed, with limits of its own.
   */
  @Test
  @DisplayName(
      "whatever the order of completion, the gaps, the aborts and the crashes: every record is"
          + " published once")
  void everyRecordOnce() {
    for (int seed = 0; seed < 3_000; seed++) {
      new World(seed).run();
    }
  }

  private static final class World {
    private final String name;
    private final Random random;
    private final List<Long> log = new ArrayList<>();
    private final Map<Long, Integer> published = new HashMap<>();
    private long committedOffset;
    private String committedMetadata = "";

    World(int seed) {
      name = "seed " + seed;
      random = new Random(seed);
      long offset = random.nextInt(5);
      committedOffset = random.nextBoolean() ? 0 : offset;
      int gap = 1 + random.nextInt(40);
      for (int i = random.nextInt(120); i >= 0; i--) {
        log.add(offset);
        offset += random.nextInt(3) == 0 ? 1 + random.nextInt(gap) : 1;
      }
    }

    void run() {
      int owners = 0;
      while (published.size() < log.size()) {
        ownOnce(owners++ > 20 ? Integer.MAX_VALUE : random.nextInt(60));
        assertThat(published.values()).as(name).allMatch(times -> times == 1);
        assertThat(owners).as(name).isLessThan(40);
      }
      assertThat(committedOffset).as(name).isEqualTo(log.get(log.size() - 1) + 1);
    }

    /** One owner's tenure: at most so many steps, then it crashes. */
    private void ownOnce(int steps) {
      OffsetEncoding encoding = random.nextBoolean() ? OffsetEncoding.WIDE : OffsetEncoding.BASE64;
      int maxChars = random.nextInt(30);
      int longest = Math.max(maxChars, committedMetadata.length());
      Decoded restored = OffsetMetadata.decode(committedOffset, committedMetadata).orElseThrow();
      PartitionLedger ledger =
          new PartitionLedger(
              committedOffset, restored, encoding, maxChars, 1 + random.nextInt(200));
      List<Long> pending = new ArrayList<>(log.stream().filter(o -> o >= committedOffset).toList());
      TreeSet<Long> running = new TreeSet<>();
      TreeMap<Long, Long> finished = new TreeMap<>();
      for (int i = 0; i < steps && published.size() < log.size(); i++) {
        switch (random.nextInt(3)) {
          case 0 -> deliver(ledger, pending, running);
          case 1 -> finishOne(running, finished);
          default -> flush(ledger, finished, longest);
        }
      }
    }

    private void deliver(PartitionLedger ledger, List<Long> pending, NavigableSet<Long> running) {
      if (pending.isEmpty()) {
        return;
      }
      long offset = pending.get(0);
      Admission admission = ledger.deliver(offset);
      if (admission == Admission.WAIT) {
        assertThat(running.isEmpty() && offset == ledger.base()).as(name).isFalse();
        return;
      }
      pending.remove(0);
      assertThat(admission)
          .as("%s, offset %d", name, offset)
          .isEqualTo(published.containsKey(offset) ? Admission.FINISHED : Admission.ADMIT);
      if (admission == Admission.ADMIT) {
        running.add(offset);
      }
    }

    private void finishOne(NavigableSet<Long> running, NavigableMap<Long, Long> finished) {
      List<Long> candidates = new ArrayList<>(running);
      if (!candidates.isEmpty()) {
        long offset = candidates.get(random.nextInt(candidates.size()));
        running.remove(offset);
        finished.put(offset, offset);
      }
    }

    private void flush(PartitionLedger ledger, NavigableMap<Long, Long> finished, int longest) {
      Proposal<Long> proposal = propose(ledger, finished);
      assertThat(proposal.metadata().length()).as(name).isLessThanOrEqualTo(longest);
      boolean lowestIsOldest = !finished.isEmpty() && finished.firstKey() == ledger.base();
      assertThat(lowestIsOldest && proposal.included().isEmpty()).as(name).isFalse();
      if (random.nextInt(4) == 0) {
        return;
      }
      proposal.included().keySet().forEach(offset -> published.merge(offset, 1, Integer::sum));
      if (!proposal.included().isEmpty()) {
        committedOffset = proposal.base();
        committedMetadata = proposal.metadata();
      }
      ledger.committed(proposal);
      assertThat(ledger.base()).as(name).isGreaterThanOrEqualTo(proposal.base());
      proposal.included().keySet().forEach(finished::remove);
    }
  }

  @Test
  @DisplayName("a record too far ahead of an unfinished one waits until that one is finished")
  void waitsForTheSlowOne() {
    PartitionLedger ledger = new PartitionLedger(0, NOTHING, OffsetEncoding.WIDE, 4096, 3);
    assertThat(ledger.deliver(0)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(1)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(2)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(3)).isEqualTo(Admission.WAIT);
    ledger.committed(propose(ledger, new TreeMap<>(Map.of(0L, "done"))));
    assertThat(ledger.deliver(3)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(4)).isEqualTo(Admission.WAIT);
  }

  @Test
  @DisplayName("outcomes that the metadata cannot show are held back, the lowest offsets go first")
  void holdsBack() {
    PartitionLedger ledger = new PartitionLedger(0, NOTHING, OffsetEncoding.WIDE, 26, 1_000);
    TreeMap<Long, String> finished = new TreeMap<>();
    for (long offset = 0; offset < 100; offset++) {
      ledger.deliver(offset);
      if (offset > 0) {
        finished.put(offset, "done");
      }
    }
    assertThat(propose(ledger, finished).included().keySet()).hasSize(14).contains(1L, 14L);
    finished.put(0L, "done");
    assertThat(propose(ledger, finished).included()).hasSize(100);
  }

  @Test
  @DisplayName(
      "the offset of a transaction with late work is another than before, though none moves")
  void lateWork() {
    PartitionLedger ledger = new PartitionLedger(5, NOTHING, OffsetEncoding.WIDE, 11, 100);
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < OffsetMetadata.LATE_COMMITS; i++) {
      Proposal<String> proposal =
          ledger.propose(new TreeMap<>(), 0, true, included -> OffsetMetadata.NOWHERE);
      ledger.committed(proposal);
      assertThat(proposal.base()).isEqualTo(5);
      texts.add(proposal.metadata());
      assertThat(ledger.with(0, OffsetMetadata.NOWHERE).metadata()).isEqualTo(proposal.metadata());
    }
    assertThat(texts).hasSize(OffsetMetadata.LATE_COMMITS);
  }

  @Test
  @DisplayName("a gap of billions of offsets needs no memory and no metadata")
  void hugeGap() {
    PartitionLedger ledger = new PartitionLedger(5, NOTHING, OffsetEncoding.WIDE, 4096, 60_000);
    assertThat(ledger.deliver(5)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(50_000_000_000L)).isEqualTo(Admission.WAIT);
    ledger.committed(propose(ledger, new TreeMap<>(Map.of(5L, "done"))));
    assertThat(ledger.deliver(50_000_000_000L)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.base()).isEqualTo(50_000_000_000L);
  }

  @Test
  @DisplayName("a rewound partition is noticed")
  void rewound() {
    PartitionLedger ledger = new PartitionLedger(10, NOTHING, OffsetEncoding.WIDE, 4096, 100);
    assertThat(ledger.deliver(10)).isEqualTo(Admission.ADMIT);
    assertThat(ledger.deliver(10)).isEqualTo(Admission.REWOUND);
    assertThat(ledger.deliver(3)).isEqualTo(Admission.REWOUND);
  }

  private static <T> Proposal<T> propose(PartitionLedger ledger, NavigableMap<Long, T> finished) {
    return ledger.propose(finished, 0, false, included -> OffsetMetadata.NOWHERE);
  }
}
