package io.offboarder.intake;

import io.offboarder.text.Glob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule: which records, or which items of a batch, it is for, and what it makes of them.
 *
 * @param name unique, and shown
 * @param topics any of which it is for; none: all
 * @param when what must hold; null: nothing
 * @param tables what its expressions may look into
 * @param tokens whether it reads security event tokens
 */
record Rule(
    String name,
    List<Glob> topics,
    @Nullable Expression when,
    Map<String, LookupTable> tables,
    Tokens tokens,
    Making making) {

  /** Copies what it was given. */
  Rule {
    topics = List.copyOf(topics);
    tables = Map.copyOf(tables);
  }

  /** What a rule makes of a record. */
  sealed interface Making permits EventMapping, Batch, Ignore {}

  /** Nothing. */
  record Ignore() implements Making {}

  /**
   * What these rules make of each item of an array.
   *
   * @param events the array
   */
  record Batch(Expression events, List<Rule> rules) implements Making {

    /** Copies the rules. */
    Batch {
      rules = List.copyOf(rules);
    }
  }

  boolean isFor(String topic) {
    return topics.isEmpty() || topics.stream().anyMatch(one -> one.matches(topic));
  }

  /** Whether the rule is for what is evaluated. */
  boolean matches(Evaluation evaluation) throws MappingException {
    if (evaluation.isOfToken() && tokens == Tokens.NONE) {
      return false;
    }
    if (evaluation.isOfArray() && !takesArrays()) {
      return false;
    }
    evaluation.use(tables);
    return when == null || Boolean.TRUE.equals(when.evaluate(evaluation));
  }

  /**
   * JSONata's paths go through all elements of an array: one person's date would come with another
   * one's address, and a condition on the kind would hold for a leaver among others.
   */
  private boolean takesArrays() {
    return making instanceof Batch || (making instanceof Ignore && when == null);
  }
}
