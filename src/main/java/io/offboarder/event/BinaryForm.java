package io.offboarder.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A form of bytes that is no text, by what such bytes begin with.
 *
 * @param words what it looks like, and what its sender can do
 */
record BinaryForm(String words) {
  private static final int LOOKED_AT = 64;
  private static final String PACKED =
      "looks like %s: set the producer's compression.type instead of packing the value";
  private static final String SERIALIZED = "looks like %s: set a JSON serializer";
  private static final BinaryForm BSON = new BinaryForm(SERIALIZED.formatted("BSON"));
  private static final BinaryForm OTHER =
      new BinaryForm("is no text, perhaps Protobuf: let the producer write JSON");

  private record Beginning(String hex, BinaryForm form) {
    boolean fits(String head) {
      return head.startsWith(hex);
    }
  }

  private static final List<Beginning> BEGINNINGS =
      List.of(
          packed("1f8b", "gzip"),
          packed("28b52ffd", "zstd"),
          packed("04224d18", "lz4"),
          packed("ff060000734e61507059", "Snappy"),
          packed("82534e41505059", "Snappy"),
          packed("425a68", "bzip2"),
          packed("fd377a585a00", "xz"),
          packed("504b0304", "a zip file"),
          packed("7801", "zlib"),
          packed("785e", "zlib"),
          packed("789c", "zlib"),
          packed("78da", "zlib"),
          new Beginning(
              "4f626a01", new BinaryForm("looks like an Avro file: send one JSON object a record")),
          serialized("c301", "Avro, one object"),
          serialized("aced", "a serialized Java object"),
          serialized("8002", "Python's pickle"),
          serialized("8003", "Python's pickle"),
          serialized("8004", "Python's pickle"),
          serialized("8005", "Python's pickle"));

  private static Beginning packed(String hex, String name) {
    return new Beginning(hex, new BinaryForm(PACKED.formatted(name)));
  }

  private static Beginning serialized(String hex, String name) {
    return new Beginning(hex, new BinaryForm(SERIALIZED.formatted(name)));
  }

  /** The form of these bytes; empty where they are a text. */
  static Optional<BinaryForm> of(byte[] bytes) {
    String head = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 10));
    Optional<BinaryForm> known =
        BEGINNINGS.stream().filter(one -> one.fits(head)).map(Beginning::form).findFirst();
    return known.isPresent() ? known : ofMap(bytes);
  }

  /** Maps, which events are in these forms, begin with how much follows. */
  private static Optional<BinaryForm> ofMap(byte[] bytes) {
    if (bytes.length < 5) {
      return Optional.empty();
    }
    if (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() == bytes.length) {
      return Optional.of(BSON);
    }
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean messagePack = first >> 4 == 0x8 && second >> 5 == 0b101;
    if (messagePack || first == 0xde || first == 0xdf) {
      return Optional.of(new BinaryForm(SERIALIZED.formatted("MessagePack")));
    }
    if (first >> 5 == 0b101 && second >> 5 == 0b011) {
      return Optional.of(new BinaryForm(SERIALIZED.formatted("CBOR")));
    }
    return hasControls(bytes) ? Optional.of(OTHER) : Optional.empty();
  }

  /** As no text in UTF-8 has; what is in UTF-16 or UTF-32 has a zero among its first bytes. */
  private static boolean hasControls(byte[] bytes) {
    boolean wide = bytes[0] == 0 || bytes[1] == 0 || bytes[2] == 0 || bytes[3] == 0;
    if (wide || bytes[0] == '{' || bytes[0] == '"') {
      return false;
    }
    for (int i = 0; i < Math.min(bytes.length, LOOKED_AT); i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\n\r".indexOf(bytes[i]) < 0) {
        return true;
      }
    }
    return false;
  }
}
