package io.offboarder.intake;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Quoted;
import io.offboarder.text.Printable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A compiled expression, and what it must yield. May be evaluated by several threads at a time. */
final class Expression {
  private static final int LONGEST = 20_000;
  private static final int MOST_WORDS = 300;

  private final String field;
  private final Yields yields;
  private final Jsonata compiled;

  private Expression(String field, Yields yields, Jsonata compiled) {
    this.field = field;
    this.yields = yields;
    this.compiled = compiled;
  }

  /** What an expression must yield, beside nothing. */
  enum Yields {
    CONDITION("true or false"),
    TEXT("one text"),
    NAME("one text or number"),
    DATE("one text or number"),
    ARRAY("an array");

    private final String words;

    Yields(String words) {
      this.words = words;
    }

    boolean accepts(Object result) {
      return switch (this) {
        case CONDITION -> result instanceof Boolean;
        case TEXT -> result instanceof String;
        case NAME, DATE -> result instanceof String || result instanceof Number;
        case ARRAY -> true;
      };
    }
  }

  /** Why an expression cannot be used. */
  static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidException(String words) {
      super(words, null, false, false);
    }
  }

  /**
   * Compiles and checks an expression. It is also evaluated once without any input: what is then
   * wrong with its types is wrong for every record.
   *
   * @param field the rule's name and the member, for messages
   * @throws InvalidException naming what is wrong, and at which character
   */
  static Expression compile(String field, String source, Yields yields, LongSupplier cpuNanos)
      throws InvalidException {
    if (source.length() > LONGEST) {
      throw new InvalidException("has more than " + LONGEST + " characters");
    }
    Expression expression = new Expression(field, yields, parse(source));
    String fault = ExpressionCheck.fault(source).orElse(null);
    if (fault != null) {
      throw new InvalidException(fault);
    }
    expression.tryWithoutInput(cpuNanos);
    return expression;
  }

  private static Jsonata parse(String source) throws InvalidException {
    try {
      Jsonata compiled = Jsonata.jsonata(source);
      // Looks through all of the input at each evaluation; ours is JSON already.
      compiled.setValidateInput(false);
      return compiled;
    } catch (JException e) {
      throw new InvalidException(describe(e));
    } catch (RuntimeException | StackOverflowError e) {
      throw new InvalidException("is no JSONata that can be read (" + e.getMessage() + ")");
    }
  }

  private void tryWithoutInput(LongSupplier cpuNanos) throws InvalidException {
    Object result;
    try {
      result = new Evaluation(cpuNanos).evaluate(compiled);
    } catch (JException e) {
      if (String.valueOf(e.getError()).startsWith("T")) {
        throw new InvalidException(describe(e));
      }
      return;
    } catch (RuntimeException | StackOverflowError withoutInput) {
      return;
    }
    if (result != null && !yields.accepts(result)) {
      throw new InvalidException(
          "yields " + ResultWords.kind(result) + ", expected " + yields.words);
    }
  }

  private static String describe(JException e) {
    String words = Printable.oneLine(String.valueOf(e.getMessage()));
    // They may hold a value that the expression has made.
    String bounded = words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "…" : words;
    return e.getLocation() < 0 ? bounded : "character " + e.getLocation() + ": " + bounded;
  }

  /** The member that it gives a value to, after the rule's name. */
  String field() {
    return field;
  }

  /**
   * The result; null for nothing, and for an empty text.
   *
   * @throws MappingException where it fails, takes too much, or yields something else
   */
  @Nullable Object evaluate(Evaluation evaluation) throws MappingException {
    Object result;
    try {
      result = evaluation.evaluate(compiled);
    } catch (Budget.SpentException e) {
      throw new MappingException(
          Code.MAPPING_FAILED,
          field,
          String.valueOf(e.getMessage()),
          "an expression that ends soon");
    } catch (StackOverflowError e) {
      throw new MappingException(
          Code.MAPPING_FAILED, field, "went too deep", "an expression that ends soon");
    } catch (ClassCastException e) {
      throw new MappingException(
          Code.MAPPING_FAILED,
          field,
          "failed: a function was given null, or another type than it takes",
          yields.words);
    } catch (RuntimeException e) {
      // Its words may hold what the record holds.
      throw new MappingException(
          Code.MAPPING_FAILED,
          field,
          "failed with " + new Quoted(String.valueOf(e.getMessage())).shown(),
          "failed",
          yields.words);
    }
    if (result == null || (result instanceof String text && text.isBlank())) {
      return null;
    }
    if (!yields.accepts(result)) {
      throw new MappingException(
          Code.WRONG_TYPE, field, "was " + ResultWords.kind(result), yields.words);
    }
    return result;
  }
}
