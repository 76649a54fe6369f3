package io.offboarder.stream;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes the set of records finished beyond a committed offset into that offset's commit metadata,
 * and reads it back.
 *
 * <p>The text is {@code O}, a digit, the {@linkplain OffsetEncoding encoding's} letter, eight
 * hexadecimal digits of a CRC-32 over offset and bits, and the bits. The digit is 1 more than the
 * count of {@link ReadAttempts}. {@link Decoded#lateCommits} are added to the letter. Where there
 * is a journal, the text begins with {@code J} instead, and a place in it, in base 36, and a full
 * stop come before the bits.
 *
 * <p>The broker's {@code offset.metadata.max.bytes} (4096) is compared with {@code
 * String.length()}. The checksum covers the offset, because a bitmap beside an offset that it was
 * not made for would call unfinished records finished.
 */
final class OffsetMetadata {
  /** No place in a journal. */
  static final long NOWHERE = -1;

  private static final HexFormat HEX = HexFormat.of();
  private static final char MAGIC = 'O';
  private static final char MAGIC_WITH_JOURNAL = 'J';
  private static final char END_OF_PLACE = '.';
  private static final int RADIX = Character.MAX_RADIX;
  private static final int LONGEST_PLACE = Long.toString(Long.MAX_VALUE, RADIX).length() + 1;
  private static final char NO_ATTEMPTS = '1';
  private static final int HEADER_CHARS = 3 + 8;
  private static final int MOST_ATTEMPTS = 8;

  /** How far {@link Decoded#lateCommits} count. */
  static final int LATE_COMMITS = 8;

  private OffsetMetadata() {}

  /**
   * What was read back.
   *
   * @param finished bit i stands for offset + i
   * @param encoding how it was written
   * @param attempts how many owners in a row have begun to read here and did not get past
   * @param lateCommits counts the transactions that published late work, from 0 to 7 and again from
   *     0: where nothing else changes, it tells whether one was committed. Two values would not do:
   *     a broker may lose the offsets of a transaction that it has committed (KAFKA-20734), and the
   *     next transaction must not look like the one before
   * @param journal where in the journal the notes of unfinished work begin, or {@link #NOWHERE}
   */
  record Decoded(
      BitSet finished, OffsetEncoding encoding, int attempts, int lateCommits, long journal) {
    /** Nothing is finished beyond the offset. */
    static Decoded nothing() {
      return nothing(0);
    }

    /** Nothing is finished beyond the offset, after this many transactions with late work. */
    static Decoded nothing(int lateCommits) {
      return new Decoded(new BitSet(), OffsetEncoding.WIDE, 0, lateCommits, NOWHERE);
    }
  }

  /**
   * The number of offsets, counted from the committed one, that always fit into a text of this
   * length, beside a place in the journal.
   */
  static int capacity(OffsetEncoding encoding, int maxChars) {
    return encoding.capacityBits(Math.max(0, maxChars - HEADER_CHARS - LONGEST_PLACE));
  }

  /**
   * The text for the records finished beyond {@code offset}; bit i stands for offset + i.
   *
   * @param attempts to be kept with it
   * @param lateCommits to be kept with it
   * @param journal to be kept with it, or {@link #NOWHERE}
   */
  static String encode(
      OffsetEncoding encoding,
      long offset,
      BitSet finished,
      int attempts,
      int lateCommits,
      long journal) {
    boolean journaled = journal != NOWHERE;
    if (finished.isEmpty() && attempts == 0 && lateCommits == 0 && !journaled) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(HEADER_CHARS + LONGEST_PLACE + finished.length() / 6 + 4);
    text.append(journaled ? MAGIC_WITH_JOURNAL : MAGIC);
    text.append((char) (NO_ATTEMPTS + Math.min(attempts, MOST_ATTEMPTS)));
    text.append((char) (encoding.letter + lateCommits));
    text.append(HEX.toHexDigits(checksum(offset, finished, journal)));
    if (journaled) {
      text.append(Long.toString(journal, RADIX)).append(END_OF_PLACE);
    }
    encoding.write(finished, text);
    return text.toString();
  }

  /** What was written beside {@code offset}; empty if another program wrote the text. */
  static Optional<Decoded> decode(long offset, String text) {
    if (text.isEmpty()) {
      return Optional.of(Decoded.nothing());
    }
    if (text.length() < HEADER_CHARS || !isMagic(text.charAt(0))) {
      return Optional.empty();
    }
    int attempts = text.charAt(1) - NO_ATTEMPTS;
    for (OffsetEncoding encoding : OffsetEncoding.values()) {
      int lateCommits = text.charAt(2) - encoding.letter;
      boolean known = lateCommits >= 0 && lateCommits < LATE_COMMITS;
      if (known && attempts >= 0 && attempts <= MOST_ATTEMPTS) {
        return decode(encoding, offset, text, attempts, lateCommits);
      }
    }
    return Optional.empty();
  }

  private static boolean isMagic(char first) {
    return first == MAGIC || first == MAGIC_WITH_JOURNAL;
  }

  private static Optional<Decoded> decode(
      OffsetEncoding encoding, long offset, String text, int attempts, int lateCommits) {
    try {
      int checksum = Integer.parseUnsignedInt(text, 3, HEADER_CHARS, 16);
      long journal = NOWHERE;
      int bitsAt = HEADER_CHARS;
      if (text.charAt(0) == MAGIC_WITH_JOURNAL) {
        int end = Math.max(bitsAt, text.indexOf(END_OF_PLACE, bitsAt));
        journal = Long.parseLong(text.substring(bitsAt, end), RADIX);
        bitsAt = end + 1;
      }
      BitSet bits = encoding.read(text.substring(bitsAt));
      return checksum == checksum(offset, bits, journal)
          ? Optional.of(new Decoded(bits, encoding, attempts, lateCommits, journal))
          : Optional.empty();
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static int checksum(long offset, BitSet bits, long journal) {
    CRC32 crc = new CRC32();
    if (journal != NOWHERE) {
      crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, journal));
    }
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, offset));
    crc.update(bits.toByteArray());
    return (int) crc.getValue();
  }
}
