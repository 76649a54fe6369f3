package io.offboarder.stream;

import java.util.Base64;
import java.util.BitSet;

/** How the bits of a set of offsets become characters of commit metadata. */
public enum OffsetEncoding {
  /**
   * 15 bits a character: one contiguous run of 32,768 characters, none of them a control character
   * or a surrogate. Apache Kafka's broker takes them; an implementation that counts bytes may not.
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

  /** Tells a reader which encoding follows. */
  final char letter;

  OffsetEncoding(char letter) {
    this.letter = letter;
  }

  /** The number of bits that always fit into a text of this length. */
  abstract int capacityBits(int chars);

  abstract void write(BitSet bits, StringBuilder to);

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the text was not written by it
   */
  abstract BitSet read(String text);
}
