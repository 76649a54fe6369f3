package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Offset metadata")
class OffsetMetadataTest {
  private static final long SEED = 20261123;

  @ParameterizedTest
  @EnumSource
  @DisplayName("any set of records comes back as it was written, within the promised length")
  void roundTrip(OffsetEncoding encoding) {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      int maxChars = 12 + random.nextInt(200);
      int capacity = OffsetMetadata.capacity(encoding, maxChars);
      BitSet bits = someBits(random, capacity);
      long offset = random.nextLong(Long.MAX_VALUE);

      String text = OffsetMetadata.encode(encoding, offset, bits, 0, 0, OffsetMetadata.NOWHERE);

      assertThat(text.length()).as("seed %d, run %d", SEED, i).isLessThanOrEqualTo(maxChars);
      assertThat(OffsetMetadata.decode(offset, text).orElseThrow().finished())
          .as("seed %d, run %d", SEED, i)
          .isEqualTo(bits);
    }
  }

  @Test
  @DisplayName("the wide alphabet shows 61,000 records in the broker's 4096 characters")
  void capacityOfTheWideOffsetEncoding() {
    assertThat(OffsetMetadata.capacity(OffsetEncoding.WIDE, 4096)).isGreaterThan(61_000);
    assertThat(OffsetMetadata.capacity(OffsetEncoding.BASE64, 4096)).isGreaterThan(24_000);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a text that belongs to another offset is not read")
  void anotherOffset(OffsetEncoding encoding) {
    BitSet bits = BitSet.valueOf(new long[] {0b10110});
    String text = OffsetMetadata.encode(encoding, 42, bits, 0, 0, OffsetMetadata.NOWHERE);
    assertThat(OffsetMetadata.decode(43, text)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a damaged text is never read as another set of records")
  void damaged(OffsetEncoding encoding) {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      BitSet bits = someBits(random, 300);
      if (bits.isEmpty()) {
        continue;
      }
      StringBuilder text =
          new StringBuilder(OffsetMetadata.encode(encoding, 7, bits, 0, 0, OffsetMetadata.NOWHERE));
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0xD800));
        case 1 -> text.setLength(random.nextInt(text.length()));
        default -> text.insert(random.nextInt(text.length()), (char) random.nextInt(0xD800));
      }
      OffsetMetadata.decode(7, text.toString())
          .filter(decoded -> !text.isEmpty())
          .ifPresent(decoded -> assertThat(decoded.finished()).isEqualTo(bits));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "O1", "O1w", "O1w00000000", "O1x00000000", "O0w00000000abc", "{}", "AQ=="})
  @DisplayName("what another program wrote is recognised as not ours")
  void foreign(String text) {
    assertThat(OffsetMetadata.decode(1, text)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the count of reading attempts takes no room beside a bitmap")
  void attempts(OffsetEncoding encoding) {
    BitSet bits = BitSet.valueOf(new long[] {0b10110});
    String plain = OffsetMetadata.encode(encoding, 42, bits, 0, 0, OffsetMetadata.NOWHERE);
    for (int attempts = 0; attempts < 20; attempts++) {
      String text = OffsetMetadata.encode(encoding, 42, bits, attempts, 0, OffsetMetadata.NOWHERE);
      assertThat(text).hasSameSizeAs(plain);
      OffsetMetadata.Decoded decoded = OffsetMetadata.decode(42, text).orElseThrow();
      assertThat(decoded.attempts()).isEqualTo(Math.min(attempts, 8));
      assertThat(decoded.finished()).isEqualTo(bits);
    }
    assertThat(
            OffsetMetadata.decode(
                42,
                OffsetMetadata.encode(encoding, 42, new BitSet(), 1, 0, OffsetMetadata.NOWHERE)))
        .hasValueSatisfying(decoded -> assertThat(decoded.attempts()).isOne());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the count of transactions with late work takes no room beside a bitmap")
  void lateCommits(OffsetEncoding encoding) {
    BitSet bits = BitSet.valueOf(new long[] {0b10110});
    String plain = OffsetMetadata.encode(encoding, 42, bits, 0, 0, OffsetMetadata.NOWHERE);
    for (int count = 0; count < OffsetMetadata.LATE_COMMITS; count++) {
      String text = OffsetMetadata.encode(encoding, 42, bits, 3, count, OffsetMetadata.NOWHERE);
      assertThat(text).hasSameSizeAs(plain);
      assertThat(OffsetMetadata.decode(42, text))
          .contains(new OffsetMetadata.Decoded(bits, encoding, 3, count, OffsetMetadata.NOWHERE));
    }
  }

  @Test
  @DisplayName("no metadata means nothing finished beyond the offset")
  void none() {
    assertThat(OffsetMetadata.decode(1, "").orElseThrow().finished().isEmpty()).isTrue();
    assertThat(
            OffsetMetadata.encode(
                OffsetEncoding.WIDE, 1, new BitSet(), 0, 0, OffsetMetadata.NOWHERE))
        .isEmpty();
  }

  @Test
  @DisplayName("what 0.1.0 wrote is read, as without a place in the journal")
  void firstRelease() {
    assertThat(OffsetMetadata.decode(42, "O1b7db66dd7Fg=="))
        .contains(
            new OffsetMetadata.Decoded(
                BitSet.valueOf(new long[] {0b10110}),
                OffsetEncoding.BASE64,
                0,
                0,
                OffsetMetadata.NOWHERE));
  }

  @ParameterizedTest
  @EnumSource(OffsetEncoding.class)
  @DisplayName("a place in the journal is read back, and always fits beside as many records")
  void place(OffsetEncoding encoding) {
    BitSet all = new BitSet();
    all.set(0, OffsetMetadata.capacity(encoding, 4096));
    String text = OffsetMetadata.encode(encoding, 42, all, 3, 5, Long.MAX_VALUE);
    assertThat(text.length()).isLessThanOrEqualTo(4096);
    assertThat(OffsetMetadata.decode(42, text))
        .contains(new OffsetMetadata.Decoded(all, encoding, 3, 5, Long.MAX_VALUE));
    assertThat(
            OffsetMetadata.decode(42, OffsetMetadata.encode(encoding, 42, new BitSet(), 0, 0, 7)))
        .contains(new OffsetMetadata.Decoded(new BitSet(), encoding, 0, 0, 7));
  }

  private static BitSet someBits(Random random, int capacity) {
    BitSet bits = new BitSet();
    int length = capacity == 0 ? 0 : random.nextInt(capacity + 1);
    for (int i = 1; i < length; i++) {
      bits.set(i, random.nextBoolean());
    }
    return bits;
  }
}
