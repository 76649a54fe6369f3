package io.offboarder.config;

import io.offboarder.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the sources say, and what is wrong with it. The source that comes first wins. */
final class SourcedValues {
  private final Map<String, SourcedValue> values = new TreeMap<>();
  private final List<ConfigFault> faults = new ArrayList<>();

  /**
   * Takes a value.
   *
   * @param key of the setting; of an entry of a map, the map's key, a dot and its own
   */
  void put(String key, List<String> texts, String origin) {
    values.putIfAbsent(key, new SourcedValue(texts, origin));
  }

  @Nullable SourcedValue get(String key) {
    return values.get(key);
  }

  /** The text of a setting that has a default. */
  String text(String key) {
    return values.get(key).text();
  }

  /** The entries of a map, by their own keys. */
  Map<String, SourcedValue> entries(String map) {
    Map<String, SourcedValue> entries = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(map + ".")) {
            entries.put(key.substring(map.length() + 1), value);
          }
        });
    return entries;
  }

  void fault(String setting, String line) {
    faults.add(new ConfigFault(setting, Printable.oneLine(line)));
  }

  List<ConfigFault> faults() {
    return faults;
  }
}
