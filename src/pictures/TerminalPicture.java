import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws what a terminal shows as an SVG: {@code java TerminalPicture.java TITLE < output >
 * picture.svg}. Understands the colours that the commands use; the same output gives the same
 * picture.
 */
final class TerminalPicture {
  private static final double CELL = 8.1;
  private static final int LINE = 19;
  private static final int MARGIN = 18;
  private static final int BAR = 34;
  private static final Pattern ESCAPE = Pattern.compile("\u001b\\[([0-9;]*)([A-Za-z])");

  /** By the number that selects them; 1 and 0 are bold and plain. */
  private static final Map<String, String> COLOURS =
      Map.of(
          "31", "#f4717f", "32", "#8fd18a", "33", "#e9c46a", "34", "#82b1ff", "35", "#d6a2e8",
          "36", "#73d2de");

  private TerminalPicture() {}

  /** A piece of a line in one colour. */
  private record Piece(int column, String text, String style) {}

  public static void main(String[] args) throws Exception {
    List<String> lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            .lines()
            .map(line -> line.replace("\r", ""))
            .toList();
    int columns = lines.stream().mapToInt(line -> plain(line).length()).max().orElse(80);
    int width = (int) Math.ceil(columns * CELL) + 2 * MARGIN;
    int height = BAR + lines.size() * LINE + MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
        <title>%3$s</title>
        <rect width="%1$d" height="%2$d" rx="8" fill="#1b2129"/>
        <circle cx="20" cy="17" r="5" fill="#4a5563"/><circle cx="37" cy="17" r="5" fill="#4a5563"/>
        <circle cx="54" cy="17" r="5" fill="#4a5563"/>
        <g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13.4">
        <text x="%4$d" y="21" fill="#8b98a9" text-anchor="middle">%3$s</text>
        """
            .formatted(width, height, escaped(args[0]), width / 2));
    for (int i = 0; i < lines.size(); i++) {
      int y = BAR + 15 + i * LINE;
      for (Piece piece : pieces(lines.get(i))) {
        svg.append(
            "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" xml:space=\"preserve\" %s>%s</text>%n"
                .formatted(
                    MARGIN + piece.column() * CELL,
                    y,
                    piece.text().length() * CELL,
                    piece.style(),
                    escaped(piece.text())));
      }
    }
    svg.append("</g>\n</svg>\n");
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(svg);
    out.flush();
  }

  private static String plain(String line) {
    return ESCAPE.matcher(line).replaceAll("");
  }

  private static List<Piece> pieces(String line) {
    List<Piece> pieces = new ArrayList<>();
    String style = style(line.startsWith("$ ") ? "1" : "");
    int column = 0;
    int from = 0;
    Matcher escape = ESCAPE.matcher(line);
    while (true) {
      boolean found = escape.find();
      String text = line.substring(from, found ? escape.start() : line.length());
      if (!text.isBlank()) {
        int blanks = text.length() - text.stripLeading().length();
        pieces.add(new Piece(column + blanks, text.strip(), style));
      }
      column += text.length();
      if (!found) {
        return pieces;
      }
      style = style(escape.group(1));
      from = escape.end();
    }
  }

  private static String style(String codes) {
    StringBuilder style = new StringBuilder();
    String fill = "#d7dee8";
    for (String code : codes.split(";")) {
      fill = COLOURS.getOrDefault(code, fill);
      style.append(code.equals("1") ? "font-weight=\"bold\" " : "");
    }
    return style + "fill=\"" + fill + "\"";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
