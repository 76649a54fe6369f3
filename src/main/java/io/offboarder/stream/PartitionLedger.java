package io.offboarder.stream;

import java.util.BitSet;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What is finished in one partition, for as long as this instance owns it: everything below {@code
 * base}, and beyond it the records in a bitmap. To forget a partition, drop its ledger; a result
 * for a dropped ledger is discarded.
 *
 * <p>"Finished" here means that a transaction with the record's result was committed, so that base
 * and bitmap are always what the next owner would read. A transaction first asks for a {@link
 * Proposal}: the ledger as it would be, encoded, with as many finished records as the commit
 * metadata can show, lowest offsets first. The rest is held back: a result whose record is not in
 * the bitmap would be published a second time after a crash.
 *
 * <p>Offsets that were never delivered (transaction markers, compacted and aborted records) count
 * as finished once a higher offset is delivered. They are shown where there is room and left out
 * where not: the next owner finds the same gaps again.
 *
 * <p>Confined to the Kafka thread.
 */
final class PartitionLedger {
  private final OffsetEncoding encoding;
  private final int maxChars;
  private final int capacity;
  private final int maxSpan;

  /** Bit i stands for base + i; bit 0 is always clear. */
  private final BitSet beyond;

  private long base;

  /** Transactions with late work, as counted in the metadata. */
  private int lateCommits;

  /** As committed: where the notes of unfinished work begin. */
  private long journal;

  /** One more than the highest offset delivered; below base where an earlier owner was ahead. */
  private long expected;

  /**
   * The ledger of a partition just assigned.
   *
   * @param base the offset that was committed, or the position where none was
   * @param restored the records finished beyond it. Where they need more room than the limits
   *     allow, the limits give way: the broker has taken that text before
   * @param maxChars how long the commit metadata may be
   * @param maxSpan how far beyond base records are admitted
   */
  PartitionLedger(
      long base,
      OffsetMetadata.Decoded restored,
      OffsetEncoding encoding,
      int maxChars,
      int maxSpan) {
    this.base = base;
    this.expected = base;
    this.lateCommits = restored.lateCommits();
    this.journal = restored.journal();
    this.beyond = (BitSet) restored.finished().clone();
    int configured = OffsetMetadata.capacity(encoding, maxChars);
    boolean fits = beyond.length() <= configured;
    this.encoding = fits ? encoding : restored.encoding();
    this.capacity = fits ? configured : beyond.length();
    this.maxChars = maxChars;
    this.maxSpan = maxSpan;
    advance(0);
  }

  /** What is to be done about a delivered record. */
  enum Admission {
    /** Its work is to be done. */
    ADMIT,
    /** Its result is published already. */
    FINISHED,
    /** It is too far beyond a record that is not finished. Ask again later. */
    WAIT,
    /** The partition was rewound: this ledger no longer describes it. */
    REWOUND
  }

  /** Judges the next delivered record. */
  Admission deliver(long offset) {
    if (offset < expected) {
      return Admission.REWOUND;
    }
    if (offset >= base && expected <= base) {
      // Nothing delivered is unfinished, so the offsets skipped on the way here need no bit.
      advance(offset - base);
    }
    if (offset < base) {
      expected = offset + 1;
      return Admission.FINISHED;
    }
    if (offset > base && offset - base >= maxSpan) {
      return Admission.WAIT;
    }
    int index = (int) (offset - base);
    int skippedFrom = (int) (Math.max(expected, base) - base);
    beyond.set(skippedFrom, index);
    expected = offset + 1;
    return beyond.get(index) ? Admission.FINISHED : Admission.ADMIT;
  }

  /** Whether the result of a record is published. */
  boolean isFinished(long offset) {
    return offset < base || beyond.get((int) Math.min(Integer.MAX_VALUE, offset - base));
  }

  /** What {@link #isFinished} answers now, for another thread to ask. */
  LongPredicate finishedNow() {
    long from = base;
    BitSet bits = (BitSet) beyond.clone();
    return offset -> offset < from || bits.get((int) Math.min(Integer.MAX_VALUE, offset - from));
  }

  /** Where the notes of unfinished work begin, as committed; or {@link OffsetMetadata#NOWHERE}. */
  long journal() {
    return journal;
  }

  /** The offset below which everything is finished. */
  long base() {
    return base;
  }

  /** How many offsets deliveries have run beyond {@link #base()}. */
  long span() {
    return Math.max(0, expected - base);
  }

  /** How many delivered records are not finished. */
  int unfinished() {
    int span = (int) span();
    return span - beyond.get(0, span).cardinality();
  }

  /**
   * The ledger as it would be with these records finished too, or with the lowest of them where the
   * metadata cannot show all.
   *
   * @param candidates by offset; their work is done, their result is not published. May be none
   * @param attempts the count of {@link ReadAttempts} to keep beside it
   * @param withLateWork whether the transaction also publishes late work
   * @param journalOf where in the journal the notes of unfinished work will begin, once these
   *     candidates are finished
   */
  <T> Proposal<T> propose(
      NavigableMap<Long, T> candidates,
      int attempts,
      boolean withLateWork,
      ToLongFunction<NavigableMap<Long, T>> journalOf) {
    BitSet bits = (BitSet) beyond.clone();
    int newBase = 0;
    NavigableMap<Long, T> included = candidates;
    for (long offset : candidates.keySet()) {
      int index = (int) (offset - base);
      if (index > newBase && index - newBase >= capacity) {
        included = candidates.headMap(offset, false);
        break;
      }
      bits.set(index);
      newBase = bits.nextClearBit(newBase);
    }
    BitSet shown = bits.get(newBase, newBase + capacity);
    int newLateCommits =
        withLateWork ? (lateCommits + 1) % OffsetMetadata.LATE_COMMITS : lateCommits;
    long newJournal = journalOf.applyAsLong(included);
    return new Proposal<>(
        base + newBase,
        metadata(base + newBase, shown, attempts, newLateCommits, newJournal),
        attempts,
        newLateCommits,
        newJournal,
        copy(included));
  }

  /** Transactions with late work, as counted in the metadata. */
  int lateCommits() {
    return lateCommits;
  }

  /** The ledger as it is, beside another count of reading attempts and place in the journal. */
  OffsetAndMetadata with(int attempts, long newJournal) {
    return new OffsetAndMetadata(
        base, metadata(base, beyond.get(0, capacity), attempts, lateCommits, newJournal));
  }

  /**
   * A place in the journal is left out where there is too little room for it, as there may be
   * beside a bitmap that was written without one: the next owner reads all of the journal then.
   * Beside no bitmap, both counts are left out too.
   */
  private String metadata(
      long offset, BitSet shown, int attempts, int newLateCommits, long newJournal) {
    String text =
        OffsetMetadata.encode(encoding, offset, shown, attempts, newLateCommits, newJournal);
    if (text.length() > maxChars && newJournal != OffsetMetadata.NOWHERE) {
      text =
          OffsetMetadata.encode(
              encoding, offset, shown, attempts, newLateCommits, OffsetMetadata.NOWHERE);
    }
    return shown.isEmpty() && text.length() > maxChars ? "" : text;
  }

  private static <T> NavigableMap<Long, T> copy(NavigableMap<Long, T> map) {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(map));
  }

  /** Takes over a proposal that was committed. */
  void committed(Proposal<?> proposal) {
    for (long offset : proposal.included().keySet()) {
      beyond.set((int) (offset - base));
    }
    lateCommits = proposal.lateCommits();
    journal = proposal.journal();
    advance(0);
  }

  /**
   * The ledger as it would be, whole, so that offset, bitmap and results cannot come from different
   * moments.
   *
   * @param base the offset to commit
   * @param metadata the records finished beyond it, encoded
   * @param attempts the count of reading attempts in the metadata
   * @param lateCommits their count in the metadata
   * @param journal the place in the journal in the metadata
   * @param included the candidates that may be published with it
   */
  record Proposal<T>(
      long base,
      String metadata,
      int attempts,
      int lateCommits,
      long journal,
      NavigableMap<Long, T> included) {}

  /** Moves base forward by {@code distance}, and on over everything finished. */
  private void advance(long distance) {
    if (distance >= beyond.length()) {
      beyond.clear();
      base += distance;
      return;
    }
    int shift = beyond.nextClearBit((int) distance);
    if (shift > 0) {
      BitSet rest = beyond.get(shift, Math.max(shift, beyond.length()));
      beyond.clear();
      beyond.or(rest);
      base += shift;
    }
  }
}
