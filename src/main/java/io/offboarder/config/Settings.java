package io.offboarder.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All settings, read off {@link OffboarderConfig} with its sections and {@link WebhooksConfig}, and
 * the records they fill.
 */
final class Settings {
  private final Map<String, Setting> byKey = new TreeMap<>();
  private final List<String> sections = new ArrayList<>();

  private Settings() {}

  static Settings declared() {
    Settings settings = new Settings();
    settings.collect(OffboarderConfig.class, OffboarderConfig.PREFIX);
    settings.collect(WebhooksConfig.class, WebhooksConfig.PREFIX);
    return settings;
  }

  private void collect(Class<?> record, String prefix) {
    sections.add(prefix);
    for (RecordComponent component : record.getRecordComponents()) {
      String key = key(prefix, component);
      if (component.isAnnotationPresent(Constraint.class)) {
        byKey.put(key, new Setting(key, component));
      } else {
        collect(component.getType(), key);
      }
    }
  }

  private static String key(String prefix, RecordComponent component) {
    String name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    return prefix + "." + name;
  }

  List<Setting> all() {
    return List.copyOf(byKey.values());
  }

  /** A setting that there is. */
  Setting get(String key) {
    return find(key).orElseThrow(() -> new IllegalArgumentException(key));
  }

  Optional<Setting> find(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The map that a key is an entry of. */
  Optional<Setting> findMap(String key) {
    return byKey.values().stream()
        .filter(setting -> setting.isMap() && key.startsWith(setting.key() + "."))
        .findFirst();
  }

  Optional<Setting> findVariable(String name) {
    return byKey.values().stream()
        .filter(setting -> setting.environmentName().equals(name))
        .findFirst();
  }

  boolean isSection(String key) {
    return sections.contains(key);
  }

  /** Says that there is no such key, and which section or setting may have been meant. */
  String unknownKey(String key) {
    return unknown(key, byKey.keySet().stream());
  }

  /** Says that there is no such variable, and which one may have been meant. */
  String unknownVariable(String name) {
    return unknown(name, byKey.values().stream().map(Setting::environmentName));
  }

  private String unknown(String wrong, Stream<String> names) {
    return " is no setting"
        + NearestName.of(wrong, sections.stream().skip(1), 2)
            .or(() -> NearestName.of(wrong, names, Math.max(3, wrong.length() / 4)))
            .map(name -> "; did you mean " + name + "?")
            .orElse("; see docs/CONFIGURATION.md");
  }

  /** A record, filled with its components' values by their keys. */
  <T> T fill(Class<T> record, String prefix, Map<String, Object> values) {
    if (byKey.containsKey(prefix)) {
      return record.cast(values.get(prefix));
    }
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = key(prefix, components[i]);
      types[i] = components[i].getType();
      arguments[i] = byKey.containsKey(key) ? values.get(key) : fill(types[i], key, values);
    }
    try {
      return record.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record + " cannot be filled", e);
    }
  }
}
