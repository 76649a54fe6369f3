package io.offboarder.intake;

import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Fn1;
import com.dashjoin.jsonata.Jsonata.Fn2;
import com.dashjoin.jsonata.Jsonata.Frame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of one record's expressions: its input, and a budget that all of them share.
 * Confined to one thread.
 */
final class Evaluation {
  /** What expressions may name beside JSONata's functions. */
  static final Set<String> VARIABLES =
      Set.of(
          "record", "headers", "key", "topic", "partition", "offset", "timestamp", "table", "json");

  private final Budget budget;
  private final Frame frame = new Frame(null);
  private @Nullable Object input;
  private Map<String, LookupTable> tables = Map.of();
  private @Nullable Missed missed;
  private boolean token;

  /** An evaluation without any input. */
  Evaluation(LongSupplier cpuNanos) {
    budget = new Budget(cpuNanos);
    new BoundedFunctions(budget).bind(frame);
    frame.setEvaluateEntryCallback((expression, value, environment) -> budget.enter(expression));
    frame.setEvaluateExitCallback((expression, value, environment, result) -> budget.leave(result));
    frame.bind(
        "table",
        Jsonata.function("table", (Fn2<String, Object, @Nullable Object>) this::row, "<s(sn)?:s>"));
    frame.bind(
        "json", Jsonata.function("json", (Fn1<String, @Nullable Object>) this::json, "<s:x>"));
  }

  /** An evaluation of a record. */
  Evaluation(RecordInput record, LongSupplier cpuNanos) {
    this(cpuNanos);
    input = record.value();
    token = record.token();
    frame.bind("record", record.value());
    record.variables().forEach((name, value) -> frame.bind(name, value));
  }

  /**
   * What a text within a record holds as JSON. A value takes no fewer than two characters of it.
   */
  private @Nullable Object json(@Nullable String text) {
    if (text == null) {
      return null;
    }
    budget.spend(text.length() / 2);
    try {
      return JsonValue.ofText(text);
    } catch (MappingException e) {
      throw new IllegalArgumentException("$json: " + e.getMessage(), e);
    }
  }

  private @Nullable Object row(String table, @Nullable Object key) {
    LookupTable rows = tables.get(table);
    if (rows == null || key == null) {
      return null;
    }
    String value = rows.find(String.valueOf(key));
    if (value == null) {
      missed = new Missed(table, String.valueOf(key));
    }
    return value;
  }

  /** A row that was looked for and is not there. */
  record Missed(String table, String key) {}

  /** The last such row since {@link #focus} or the beginning; null where there was none. */
  @Nullable Missed missed() {
    return missed;
  }

  /** Whether the record was a security event token. */
  boolean isOfToken() {
    return token;
  }

  /** Whether expressions are evaluated against an array, not against one record or item. */
  boolean isOfArray() {
    return input instanceof List<?>;
  }

  /** What the expressions that follow are evaluated against. */
  void focus(@Nullable Object value) {
    input = value;
    missed = null;
  }

  /** The tables that the expressions that follow may look into. */
  void use(Map<String, LookupTable> named) {
    tables = named;
  }

  @Nullable Object evaluate(Jsonata compiled) {
    budget.restart();
    try {
      return compiled.evaluate(input, frame);
    } catch (RuntimeException e) {
      // Some of the library's operators and functions put an error of their own in its place.
      RuntimeException spent = budget.spent();
      throw spent == null ? e : spent;
    }
  }
}
