package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts by texts, as bytes in one array with an open-addressed table of their places: a company's
 * table of a million rows takes a quarter of what a {@code HashMap} of it takes. Filled by one
 * thread; does not change once it is handed to others.
 */
final class TextTable {
  private static final int LENGTHS = 2 * Integer.BYTES;

  /** Of each row: the lengths of key and value, then both. */
  private byte[] rows = new byte[1 << 10];

  /** Where the row is, plus one; zero for a free slot. At most half of them are taken. */
  private int[] slots = new int[1 << 6];

  private int end;
  private int size;

  int size() {
    return size;
  }

  /** The text for a key; null where there is none. */
  @Nullable String get(String key) {
    byte[] wanted = key.getBytes(UTF_8);
    int at = slots[slot(wanted)] - 1;
    if (at < 0) {
      return null;
    }
    int from = at + LENGTHS + wanted.length;
    return new String(rows, from, length(at + Integer.BYTES), UTF_8);
  }

  /** Puts a row in, unless there is one of that key; returns the text of that one, or null. */
  @Nullable String putIfAbsent(String key, String value) {
    String before = get(key);
    if (before != null) {
      return before;
    }
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    byte[] keyBytes = key.getBytes(UTF_8);
    byte[] valueBytes = value.getBytes(UTF_8);
    int slot = slot(keyBytes);
    int length = LENGTHS + keyBytes.length + valueBytes.length;
    if (rows.length - end < length) {
      rows = Arrays.copyOf(rows, Math.max(end + length, rows.length + rows.length / 2));
    }
    ByteBuffer.wrap(rows, end, length)
        .putInt(keyBytes.length)
        .putInt(valueBytes.length)
        .put(keyBytes)
        .put(valueBytes);
    slots[slot] = end + 1;
    end += length;
    size++;
    return null;
  }

  /** Where a key stands, or would. */
  private int slot(byte[] key) {
    int slot = spread(Arrays.hashCode(key));
    while (slots[slot] != 0 && !isKey(slots[slot] - 1, key)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private boolean isKey(int at, byte[] key) {
    int from = at + LENGTHS;
    return length(at) == key.length
        && Arrays.equals(rows, from, from + key.length, key, 0, key.length);
  }

  private int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed >>> 7) & (slots.length - 1);
  }

  private int length(int at) {
    return ByteBuffer.wrap(rows).getInt(at);
  }

  private void grow() {
    slots = new int[2 * slots.length];
    for (int at = 0; at < end; at += LENGTHS + length(at) + length(at + Integer.BYTES)) {
      int from = at + LENGTHS;
      slots[slot(Arrays.copyOfRange(rows, from, from + length(at)))] = at + 1;
    }
  }
}
