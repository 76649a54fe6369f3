package io.offboarder.config;

import io.offboarder.intake.IntakeRules;
import io.offboarder.webhook.EndpointReader;
import io.offboarder.webhook.Endpoints;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One setting.
 *
 * @param key its full name
 * @param component what holds its value
 */
record Setting(String key, RecordComponent component) {
  ValueConstraint constraint() {
    return component.getAnnotation(Constraint.class).value();
  }

  /** Null where it has none. */
  @Nullable String defaultValue() {
    String byDefault = component.getAnnotation(Constraint.class).byDefault();
    return byDefault.isEmpty() ? null : byDefault;
  }

  boolean isList() {
    return component.getType() == List.class;
  }

  boolean isMap() {
    return component.getType() == Map.class;
  }

  /** The name of the variable that sets it. */
  String environmentName() {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** How faults name it. */
  String names() {
    return key + " (" + environmentName() + ")";
  }

  /** A value, or those of a list separated by commas. */
  List<String> split(String text) {
    return isList() ? List.of(text.split(",", -1)) : List.of(text);
  }

  /** The component's value; null where there is none, or a wrong one, which is then a fault. */
  @Nullable Object read(SourcedValues held) {
    if (isMap()) {
      return held.entries(key).entrySet().stream()
          .collect(
              Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().texts().get(0)));
    }
    SourcedValue value = held.get(key);
    if (constraint() == ValueConstraint.INTAKE) {
      return rules(held, value);
    }
    if (constraint() == ValueConstraint.ENDPOINTS) {
      return endpoints(held, value);
    }
    List<Object> parsed =
        value == null
            ? List.of()
            : value.texts().stream().flatMap(text -> constraint().parse(text).stream()).toList();
    if (value != null && parsed.size() < value.texts().size()) {
      held.fault(key, constraint().fault(names(), value, isList() ? "each " : ""));
    }
    Optional<Object> first = parsed.stream().findFirst();
    return isList() ? parsed : component.getType() == Optional.class ? first : first.orElse(null);
  }

  private Endpoints endpoints(SourcedValues held, @Nullable SourcedValue value) {
    try {
      return value == null ? Endpoints.NONE : EndpointReader.read(value.texts().get(0), key);
    } catch (Endpoints.InvalidException e) {
      e.faults().forEach(line -> held.fault(key, line + " (" + value.origin() + ")"));
      return Endpoints.NONE;
    }
  }

  /** Their faults are many, and each names its place. */
  private IntakeRules rules(SourcedValues held, @Nullable SourcedValue value) {
    try {
      return value == null ? IntakeRules.NONE : IntakeRules.read(value.texts().get(0), key);
    } catch (IntakeRules.InvalidException e) {
      e.faults().forEach(line -> held.fault(key, line + " (" + value.origin() + ")"));
      return IntakeRules.NONE;
    }
  }
}
