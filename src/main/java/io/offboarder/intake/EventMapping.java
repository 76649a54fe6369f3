package io.offboarder.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Quoted;
import io.offboarder.text.Glob;
import io.offboarder.time.Timestamp;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a record becomes one of our events.
 *
 * @param rule its rule's name, for messages
 * @param action what the event says is to be done
 * @param attributes the event's {@code id}, {@code time} and {@code source}, as far as the rule
 *     names them
 * @param subject whom or what the event is about, by the names of the event's members
 * @param effective when it takes effect; null: at once
 * @param reason for people; null: none
 * @param immediate reasons for which it takes effect at once
 */
record EventMapping(
    String rule,
    Action action,
    Map<String, Expression> attributes,
    Map<String, Expression> subject,
    @Nullable EffectiveDates effective,
    @Nullable Expression reason,
    List<Glob> immediate)
    implements Rule.Making {

  /** Copies what it was given; the subject's members stay in their order. */
  EventMapping {
    attributes = Map.copyOf(attributes);
    subject = new LinkedHashMap<>(subject);
    immediate = List.copyOf(immediate);
  }

  /**
   * What became of a record.
   *
   * @param event as far as it could be made, in the plain form of docs/EVENTS.md
   * @param error the first thing that is wrong; null for a whole event
   * @param isImmediate whether its reason made it take effect at once
   */
  record Mapped(ObjectNode event, @Nullable DecodeError error, boolean isImmediate) {}

  /**
   * Maps a record, or an item of a batch.
   *
   * @param coordinates the event's id where the rule names none
   * @param timestamp the event's time where the rule names none; null where the record has none
   */
  Mapped map(
      Evaluation evaluation, String coordinates, @Nullable String timestamp, ZoneId byDefault) {
    Members event = new Members();
    event.put("id", () -> name(attributes.get("id"), evaluation));
    event.object.put("type", action.eventType());
    event.put("source", () -> name(attributes.get("source"), evaluation));
    event.put("time", () -> time(evaluation));
    if (!event.object.has("id")) {
      event.object.put("id", coordinates);
    }
    if (!event.object.has("time") && timestamp != null) {
      event.object.put("time", timestamp);
    }
    Members data = new Members();
    subject.forEach((member, value) -> data.put(member, () -> name(value, evaluation)));
    data.put("reason", () -> name(reason, evaluation));
    boolean atOnce = data.object.has("reason") && isImmediate(data.object.get("reason").asText());
    if (effective != null && !atOnce) {
      data.put(
          "effectiveAt",
          () ->
              effective
                  .moment(evaluation, rule + ": effective", byDefault)
                  .map(Object::toString)
                  .orElse(null));
    }
    event.object.set("data", data.object);
    return new Mapped(event.object, event.error == null ? data.error : event.error, atOnce);
  }

  private boolean isImmediate(String given) {
    return immediate.stream().anyMatch(pattern -> pattern.matches(given));
  }

  /** A text or a number, as a text. */
  private static @Nullable String name(@Nullable Expression expression, Evaluation evaluation)
      throws MappingException {
    Object result = expression == null ? null : expression.evaluate(evaluation);
    return result instanceof Double number
        ? new BigDecimal(number.toString()).toPlainString()
        : result == null ? null : result.toString();
  }

  private @Nullable String time(Evaluation evaluation) throws MappingException {
    Expression expression = attributes.get("time");
    String time = name(expression, evaluation);
    if (expression != null && time != null && Timestamp.moment(time.strip()).isEmpty()) {
      Quoted quoted = new Quoted(time);
      throw new MappingException(
          Code.INVALID_VALUE,
          expression.field(),
          "was " + quoted.shown(),
          "was " + quoted.hidden(),
          "a date and time with an offset, as 2026-11-23T17:00:00Z");
    }
    return time;
  }

  /** Members of an object, and the first thing that was wrong with one. */
  private static final class Members {
    private final ObjectNode object = JsonNodeFactory.instance.objectNode();
    private @Nullable DecodeError error;

    private interface Value {
      @Nullable String get() throws MappingException;
    }

    void put(String name, Value value) {
      try {
        String text = value.get();
        if (text != null) {
          object.put(name, text);
        }
      } catch (MappingException e) {
        error = error == null ? e.error() : error;
      }
    }
  }
}
