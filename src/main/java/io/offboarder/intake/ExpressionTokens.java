package io.offboarder.intake;

import java.util.ArrayList;
import java.util.List;

/**
 * A JSONata expression, as far as it has to be read to know what it names and where it searches by
 * a regular expression. Only for text that JSONata's own parser took.
 */
final class ExpressionTokens {
  private static final String BLANKS = " \t\n\r";
  private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  private ExpressionTokens(String source) {
    this.source = source;
  }

  /** What kind of token it is. */
  enum Kind {
    /** {@code $name}, without the sign. */
    VARIABLE,
    /** A field's name, or a word of the language's. */
    NAME,
    /** A text, number or name in backticks. */
    OTHER,
    OPERATOR,
    REGEX
  }

  /**
   * One token.
   *
   * @param position of its first character, from 1
   */
  record Token(Kind kind, String text, int position) {
    boolean is(String operator) {
      return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** Whether a value may end with it, so that a slash behind it divides. */
    boolean endsValue() {
      return switch (kind) {
        case VARIABLE, OTHER, REGEX -> true;
        case NAME -> !text.equals("and") && !text.equals("or") && !text.equals("in");
        case OPERATOR -> text.equals(")") || text.equals("]") || text.equals("}");
      };
    }
  }

  static List<Token> of(String source) {
    ExpressionTokens reading = new ExpressionTokens(source);
    while (reading.skipBlanks()) {
      reading.read();
    }
    return reading.tokens;
  }

  private boolean skipBlanks() {
    while (next < source.length()) {
      if (BLANKS.indexOf(source.charAt(next)) >= 0) {
        next++;
      } else if (source.startsWith("/*", next)) {
        int end = source.indexOf("*/", next + 2);
        next = end < 0 ? source.length() : end + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  private void read() {
    int from = next;
    char c = source.charAt(next);
    boolean afterValue = !tokens.isEmpty() && tokens.get(tokens.size() - 1).endsValue();
    if (c == '/' && !afterValue) {
      readRegex();
      add(Kind.REGEX, from);
    } else if (c == '"' || c == '\'') {
      readText(c);
      add(Kind.OTHER, from);
    } else if (c == '`') {
      next = source.indexOf('`', next + 1) + 1;
      add(Kind.OTHER, from);
    } else if (source.startsWith(":=", next)) {
      next += 2;
      add(Kind.OPERATOR, from);
    } else if (OPERATORS.indexOf(c) >= 0) {
      next++;
      add(Kind.OPERATOR, from);
    } else {
      readWord(from, c);
    }
  }

  private void readWord(int from, char first) {
    while (next < source.length()
        && BLANKS.indexOf(source.charAt(next)) < 0
        && OPERATORS.indexOf(source.charAt(next)) < 0) {
      next++;
    }
    if (first == '$') {
      tokens.add(new Token(Kind.VARIABLE, source.substring(from + 1, next), from + 1));
    } else {
      add(Character.isDigit(first) ? Kind.OTHER : Kind.NAME, from);
    }
  }

  private void readText(char quote) {
    next++;
    while (next < source.length() && source.charAt(next) != quote) {
      next += source.charAt(next) == '\\' ? 2 : 1;
    }
    next++;
  }

  /** To the first slash that is neither escaped nor within brackets. */
  private void readRegex() {
    int depth = 0;
    next++;
    while (next < source.length()) {
      char c = source.charAt(next);
      if (c == '/' && depth == 0 && !isEscaped(next)) {
        break;
      }
      if (source.charAt(next - 1) != '\\') {
        depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      }
      next++;
    }
    next++;
    while (next < source.length() && (source.charAt(next) == 'i' || source.charAt(next) == 'm')) {
      next++;
    }
  }

  private boolean isEscaped(int position) {
    int backslashes = 0;
    while (source.charAt(position - backslashes - 1) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private void add(Kind kind, int from) {
    next = Math.min(next, source.length());
    tokens.add(new Token(kind, source.substring(from, next), from + 1));
  }
}
