package io.offboarder.config;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Settings from a YAML file, all of them under {@code offboarder:}. */
final class YamlLayer {
  private static final String ROOT = OffboarderConfig.PREFIX + ".";
  private static final Pattern ELEMENT = Pattern.compile("(.*)\\[(\\d+)]");
  private static final Pattern MARK = Pattern.compile("line (\\d+), column (\\d+)");
  private static final String EXPECTED =
      "; expected \"offboarder:\" and the settings indented under it";
  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private final Settings settings;
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Map<Integer, String>> lists = new TreeMap<>();
  private final List<ConfigFault> faults = new ArrayList<>();

  private YamlLayer(Path file, Settings settings) {
    this.file = file;
    this.settings = settings;
  }

  static Layer read(Path file, Settings settings) {
    String text;
    try {
      if (!Files.isRegularFile(file)) {
        return Layer.faulty(
            "the configuration file "
                + file
                + (Files.exists(file) ? " is not a file" : " does not exist")
                + "; it is named by --config or OFFBOARDER_CONFIG");
      }
      if (Files.size(file) > MAX_BYTES) {
        return Layer.faulty("the configuration file " + file + " is larger than 1 MiB");
      }
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      return Layer.faulty("the configuration file " + file + " is not UTF-8 text");
    } catch (IOException e) {
      return Layer.faulty("the configuration file " + file + " cannot be read by this process");
    }
    Map<String, String> flat;
    try {
      requireUniqueKeys(text);
      flat = new YamlConfigSource(file.toString(), text).getProperties();
    } catch (DuplicateKeyException e) {
      return Layer.faulty("the configuration file " + file + " says one thing twice" + where(e));
    } catch (RuntimeException e) {
      return Layer.faulty("the configuration file " + file + " is not YAML" + where(e));
    }
    boolean noMapping =
        flat.isEmpty()
            && text.lines().filter(YamlLayer::isForeign).anyMatch(line -> !line.startsWith(" "));
    if (noMapping || !flat.getOrDefault(OffboarderConfig.PREFIX, "").isEmpty()) {
      return Layer.faulty("the configuration file " + file + " has no settings" + EXPECTED);
    }
    return new YamlLayer(file, settings).layer(flat);
  }

  /** Of two values for one key, the source below would take the last and say nothing of it. */
  private static void requireUniqueKeys(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object ignored = new Yaml(new SafeConstructor(options)).load(text);
  }

  /** Where the parser stopped. Not its message: that quotes the file, which may hold secrets. */
  private static String where(RuntimeException e) {
    Matcher mark = MARK.matcher(String.valueOf(e.getMessage()));
    String last = "";
    while (mark.find()) {
      last = ": see line " + mark.group(1) + ", column " + mark.group(2);
    }
    return last.isEmpty() ? EXPECTED : last;
  }

  private static boolean isForeign(String line) {
    String stripped = line.strip();
    return !stripped.isEmpty()
        && !stripped.startsWith("#")
        && !stripped.startsWith("---")
        && !stripped.startsWith(OffboarderConfig.PREFIX + ":");
  }

  private Layer layer(Map<String, String> flat) {
    List<String> strayRoots =
        flat.keySet().stream()
            .map(name -> name.split("[.\\[]", 2)[0])
            .filter(root -> !root.equals(OffboarderConfig.PREFIX) && !root.startsWith("x-"))
            .distinct()
            .sorted()
            .toList();
    if (!strayRoots.isEmpty()) {
      faults.add(
          new ConfigFault(
              ConfigFault.FILE,
              file
                  + " has "
                  + String.join(", ", strayRoots)
                  + " at its top; all settings belong under \"offboarder:\", so make that the first"
                  + " line and indent the others under it"));
    }
    flat.forEach(
        (name, value) -> {
          if (name.startsWith(ROOT)) {
            take(name.replace("\"", ""), value);
          }
        });
    lists.forEach(
        (name, elements) -> values.put(name, String.join(",", new TreeMap<>(elements).values())));
    return new Layer("in " + file, values, faults);
  }

  private void take(String name, String value) {
    Matcher element = ELEMENT.matcher(name);
    String key = element.matches() ? element.group(1) : name;
    if (name.startsWith(Layer.KAFKA_PROPERTIES)) {
      values.put(Layer.kafkaProperty(name.substring(Layer.KAFKA_PROPERTIES.length())), value);
      return;
    }
    Optional<Setting> setting = settings.byKey(key);
    if (setting.isEmpty() && isSection(key)) {
      if (!value.isEmpty() && !isNamed(key)) {
        faults.add(
            new ConfigFault(
                key,
                key + " in " + file + " is a section; expected its settings indented under it"));
      }
    } else if (setting.isEmpty()) {
      unknown(key);
    } else if (setting.get().shape() == Setting.Shape.LIST && element.matches()) {
      lists
          .computeIfAbsent(key, k -> new TreeMap<>())
          .put(Integer.parseInt(element.group(2)), value);
    } else if (element.matches()) {
      faults.add(new ConfigFault(key, key + " in " + file + " is a list; expected one value"));
    } else if (!value.isEmpty()) {
      values.put(key, value);
    } else if (setting.get().defaultValue() != null) {
      faults.add(
          new ConfigFault(
              key,
              setting.get().names()
                  + " is empty in "
                  + file
                  + "; leave it out for its default, "
                  + setting.get().defaultValue()));
    }
  }

  private boolean isSection(String key) {
    return settings.all().stream().anyMatch(setting -> setting.key().startsWith(key + "."));
  }

  /** A list comes element by element, and is one fault. */
  private boolean isNamed(String key) {
    return faults.stream().anyMatch(fault -> fault.setting().equals(key));
  }

  private void unknown(String key) {
    if (isNamed(key)) {
      return;
    }
    String near = settings.nearestKey(key);
    faults.add(
        new ConfigFault(
            key,
            key
                + " in "
                + file
                + " is no setting"
                + (near == null ? "; see docs/CONFIGURATION.md" : "; did you mean " + near + "?")));
  }
}
