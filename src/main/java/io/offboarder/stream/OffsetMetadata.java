package io.offboarder.stream;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes the set of records finished beyond a committed offset into that offset's commit metadata,
 * and reads it back.
 *
 * <p>The text is {@code O1}, a letter for the alphabet, eight hexadecimal digits of a CRC-32 over
 * offset and bits, and the bits. The broker's {@code offset.metadata.max.bytes} (4096) is compared
 * with {@code String.length()}, so the {@link Alphabet#WIDE} alphabet carries 15 bits in each
 * character where Base64 carries 6. The checksum covers the offset, because a bitmap beside an
 * offset that it was not made for would call unfinished records finished.
 */
final class OffsetMetadata {
  private static final String MAGIC = "O1";
  private static final int HEADER_CHARS = MAGIC.length() + 1 + 8;

  /** How bits become characters. */
  enum Alphabet {
    /**
     * 15 bits a character: one contiguous run of 32,768 characters, none of them a control
     * character or a surrogate. Apache Kafka's broker takes them; an implementation that counts
     * bytes may not.
     */
    WIDE('w') {
      @Override
      int capacityBits(int chars) {
        return chars * BITS_PER_CHAR;
      }

      @Override
      void write(BitSet bits, StringBuilder to) {
        for (int from = 0; from < bits.length(); from += BITS_PER_CHAR) {
          int value = 0;
          int end = from + BITS_PER_CHAR;
          for (int i = bits.nextSetBit(from); i >= 0 && i < end; i = bits.nextSetBit(i + 1)) {
            value |= 1 << (i - from);
          }
          to.append((char) (FIRST_CHAR + value));
        }
      }

      @Override
      BitSet read(String text) {
        BitSet bits = new BitSet();
        for (int i = 0; i < text.length(); i++) {
          int value = text.charAt(i) - FIRST_CHAR;
          if (value < 0 || value >= 1 << BITS_PER_CHAR) {
            throw new IllegalArgumentException("a character outside the alphabet at " + i);
          }
          for (int bit = 0; bit < BITS_PER_CHAR; bit++) {
            if ((value & 1 << bit) != 0) {
              bits.set(i * BITS_PER_CHAR + bit);
            }
          }
        }
        return bits;
      }
    },
    /** 6 bits a character, for brokers that count bytes. */
    BASE64('b') {
      @Override
      int capacityBits(int chars) {
        return chars / 4 * 3 * Byte.SIZE;
      }

      @Override
      void write(BitSet bits, StringBuilder to) {
        to.append(Base64.getEncoder().encodeToString(bits.toByteArray()));
      }

      @Override
      BitSet read(String text) {
        return BitSet.valueOf(Base64.getDecoder().decode(text));
      }
    };

    private static final int BITS_PER_CHAR = 15;
    private static final char FIRST_CHAR = '\u3400';

    private final char letter;

    Alphabet(char letter) {
      this.letter = letter;
    }

    abstract int capacityBits(int chars);

    abstract void write(BitSet bits, StringBuilder to);

    abstract BitSet read(String text);
  }

  private OffsetMetadata() {}

  /** What was read back: bit i stands for offset + i. */
  record Decoded(BitSet finished, Alphabet alphabet) {}

  /**
   * The number of offsets, counted from the committed one, that always fit into a text of this
   * length.
   */
  static int capacity(Alphabet alphabet, int maxChars) {
    return alphabet.capacityBits(Math.max(0, maxChars - HEADER_CHARS));
  }

  /** The text for the records finished beyond {@code offset}; bit i stands for offset + i. */
  static String encode(Alphabet alphabet, long offset, BitSet finished) {
    if (finished.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(HEADER_CHARS + finished.length() / 6 + 4);
    text.append(MAGIC).append(alphabet.letter);
    text.append(String.format("%08x", checksum(offset, finished)));
    alphabet.write(finished, text);
    return text.toString();
  }

  /** The records finished beyond {@code offset}, or empty if the text is not one of ours. */
  static Optional<Decoded> decode(long offset, String text) {
    if (text.isEmpty()) {
      return Optional.of(new Decoded(new BitSet(), Alphabet.WIDE));
    }
    if (text.length() < HEADER_CHARS || !text.startsWith(MAGIC)) {
      return Optional.empty();
    }
    for (Alphabet alphabet : Alphabet.values()) {
      if (alphabet.letter == text.charAt(MAGIC.length())) {
        return decode(alphabet, offset, text);
      }
    }
    return Optional.empty();
  }

  private static Optional<Decoded> decode(Alphabet alphabet, long offset, String text) {
    try {
      int checksum = Integer.parseUnsignedInt(text, MAGIC.length() + 1, HEADER_CHARS, 16);
      BitSet bits = alphabet.read(text.substring(HEADER_CHARS));
      return checksum == checksum(offset, bits)
          ? Optional.of(new Decoded(bits, alphabet))
          : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static int checksum(long offset, BitSet bits) {
    CRC32 crc = new CRC32();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, offset));
    crc.update(bits.toByteArray());
    return (int) crc.getValue();
  }
}
