package io.offboarder.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting, as the typed interfaces declare it.
 *
 * @param key its full name
 * @param defaultValue null where it has none
 */
record Setting(String key, Rule rule, Shape shape, @Nullable String defaultValue) {
  /** How many values a setting has. */
  enum Shape {
    ONE,
    LIST,
    MAP
  }

  /** The name of the variable that sets it. */
  String environmentName() {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** How faults name it. */
  String names() {
    return key + " (" + environmentName() + ")";
  }

  /** How a fault shows a value. */
  String shown(String value) {
    if (rule.isSecret()) {
      return "***";
    }
    String withoutUser = value.replaceAll("//[^/@]*@", "//***@");
    String line = withoutUser.replaceAll("\\p{Cntrl}", " ");
    return '"' + (line.length() > 200 ? line.substring(0, 200) + "…" : line) + '"';
  }
}
