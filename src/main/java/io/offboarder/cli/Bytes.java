package io.offboarder.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that somebody sent, for a person to look at: UTF-8 text that a terminal can show as it is,
 * or else their hexadecimal digits, so that nothing is hidden or replaced.
 *
 * @param bytes null for none
 */
@SuppressWarnings("ArrayRecordComponent") // Made to be shown at once.
record Bytes(byte @Nullable [] bytes) {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final int IN_A_LINE = 32;

  /** In one line. */
  @Override
  public String toString() {
    if (bytes == null) {
      return "none";
    }
    String text = text();
    return text != null && text.indexOf('\n') < 0 ? text : "hex " + HEX.formatHex(bytes);
  }

  /** In as many lines as the text has; 32 bytes in each where it is none. */
  List<String> lines() {
    if (bytes == null) {
      return List.of();
    }
    String text = text();
    if (text != null) {
      return text.lines().toList();
    }
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += IN_A_LINE) {
      int to = Math.min(bytes.length, from + IN_A_LINE);
      lines.add("%08x  %s".formatted(from, HEX.formatHex(bytes, from, to)));
    }
    return lines;
  }

  /** Null where the bytes are no text, or one that a terminal would not show as it is. */
  private @Nullable String text() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String visible = text.replace("\r\n", "\n").replace('\n', ' ').replace('\t', ' ');
      return TerminalText.printable(visible).equals(visible) ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
