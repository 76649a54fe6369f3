package io.offboarder.intake;

import io.offboarder.intake.ExpressionTokens.Kind;
import io.offboarder.intake.ExpressionTokens.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is wrong with an expression that JSONata's parser takes: it names what there is not, could
 * give another result tomorrow, or searches where nothing bounds the search.
 */
final class ExpressionCheck {
  /** Their searches are bounded. */
  private static final Set<String> SEARCHING = Set.of("match", "contains", "replace", "split");

  /** Without those that give another result each time, compile, or build texts by pictures. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "append",
          "assert",
          "average",
          "base64decode",
          "base64encode",
          "boolean",
          "ceil",
          "contains",
          "count",
          "decodeUrl",
          "decodeUrlComponent",
          "distinct",
          "each",
          "encodeUrl",
          "encodeUrlComponent",
          "error",
          "exists",
          "filter",
          "floor",
          "fromMillis",
          "join",
          "keys",
          "length",
          "lookup",
          "lowercase",
          "map",
          "match",
          "max",
          "merge",
          "min",
          "not",
          "number",
          "pad",
          "parseInteger",
          "power",
          "reduce",
          "replace",
          "reverse",
          "round",
          "sift",
          "single",
          "sort",
          "split",
          "spread",
          "sqrt",
          "string",
          "substring",
          "substringAfter",
          "substringBefore",
          "sum",
          "toMillis",
          "trim",
          "type",
          "uppercase",
          "zip");

  private final List<Token> tokens;

  private ExpressionCheck(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** The first fault, with its position; empty where there is none. */
  static Optional<String> fault(String source) {
    ExpressionCheck check = new ExpressionCheck(ExpressionTokens.of(source));
    return check.names().or(check::searches);
  }

  private Optional<String> names() {
    Set<String> bound = new HashSet<>();
    boolean parameters = false;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() == Kind.NAME
          && (token.text().equals("function") || token.text().equals("λ"))) {
        parameters = true;
      } else if (token.is(")")) {
        parameters = false;
      } else if (token.kind() == Kind.VARIABLE && (parameters || isBinding(i))) {
        if (isGiven(token.text())) {
          return Optional.of(words(token, "$" + token.text() + " is given and cannot be set"));
        }
        bound.add(token.text());
      }
    }
    return tokens.stream()
        .filter(token -> token.kind() == Kind.VARIABLE)
        .filter(token -> !isGiven(token.text()) && !bound.contains(token.text()))
        .findFirst()
        .map(token -> words(token, "there is no $" + token.text()));
  }

  private boolean isBinding(int i) {
    return (i + 1 < tokens.size() && tokens.get(i + 1).is(":="))
        || (i > 0 && (tokens.get(i - 1).is("@") || tokens.get(i - 1).is("#")));
  }

  private static boolean isGiven(String name) {
    return name.isEmpty()
        || name.equals("$")
        || FUNCTIONS.contains(name)
        || Evaluation.VARIABLES.contains(name);
  }

  private Optional<String> searches() {
    Deque<String> calls = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is("(")) {
        Token called = i == 0 ? token : tokens.get(i - 1);
        calls.push(called.kind() == Kind.VARIABLE ? called.text() : "");
      } else if (token.is(")")) {
        calls.poll();
      } else if (token.kind() == Kind.REGEX && !isArgument(i, calls.peek())) {
        return Optional.of(
            words(
                token,
                "a regular expression may only be given to $match, $contains, $replace or"
                    + " $split"));
      }
    }
    return Optional.empty();
  }

  private boolean isArgument(int i, String call) {
    return call != null
        && SEARCHING.contains(call)
        && (tokens.get(i - 1).is("(") || tokens.get(i - 1).is(","))
        && i + 1 < tokens.size()
        && (tokens.get(i + 1).is(")") || tokens.get(i + 1).is(","));
  }

  private static String words(Token token, String fault) {
    return "character " + token.position() + ": " + fault;
  }
}
