package io.offboarder.config;

import io.offboarder.yaml.PlainYaml;
import io.offboarder.yaml.PlainYaml.EndlessException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Settings from a YAML file, all of them under {@code offboarder:}. */
final class YamlSource {
  private static final String EXPECTED =
      "; expected \"offboarder:\" and the settings indented under it";
  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private final Settings settings;
  private final SourcedValues held;
  private String text = "";

  YamlSource(Path file, Settings settings, SourcedValues held) {
    this.file = file;
    this.settings = settings;
    this.held = held;
  }

  /** Numbers and dates stay as they are written. */
  private static final class Texts extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
      addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
    }
  }

  void read() {
    try {
      if (!Files.isRegularFile(file)) {
        String what = Files.exists(file) ? "is not a file" : "does not exist";
        unusable(what + "; it is named by --config or " + ConfigReader.FILE_VARIABLE);
      } else if (Files.size(file) > MAX_BYTES) {
        unusable("is larger than 1 MiB");
      } else {
        text = Files.readString(file);
        take(PlainYaml.load(text, new Texts()));
      }
    } catch (CharacterCodingException e) {
      unusable("is not UTF-8 text");
    } catch (IOException e) {
      unusable("cannot be read by this process");
    } catch (EndlessException e) {
      unusable(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Not its message: that quotes the file, which may hold secrets.
      String what = e instanceof DuplicateKeyException ? "says one thing twice" : "is not YAML";
      Mark mark = e instanceof MarkedYAMLException marked ? marked.getProblemMark() : null;
      unusable(
          mark == null
              ? what + EXPECTED
              : what + ": see line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1));
    }
  }

  private void unusable(String words) {
    held.fault(ConfigFault.FILE, "the configuration file " + file + " " + words);
  }

  private void take(@Nullable Object root) {
    if (root instanceof Map<?, ?> members) {
      String stray =
          members.keySet().stream()
              .map(String::valueOf)
              .filter(name -> !name.equals(OffboarderConfig.PREFIX) && !name.startsWith("x-"))
              .sorted()
              .collect(Collectors.joining(", "));
      if (!stray.isEmpty()) {
        held.fault(
            ConfigFault.FILE,
            file
                + " has "
                + stray
                + " at its top; all settings belong under \"offboarder:\", so make that the first"
                + " line and indent the others under it");
      }
      Object node = members.get(OffboarderConfig.PREFIX);
      if (node == null || node instanceof Map) {
        take(OffboarderConfig.PREFIX, node);
      } else {
        unusable("has no settings" + EXPECTED);
      }
    } else if (root != null) {
      unusable("has no settings" + EXPECTED);
    }
  }

  /** Takes a section, a setting, or an entry of a map, whose name may have dots. */
  private void take(String key, @Nullable Object node) {
    Optional<Setting> setting = settings.find(key);
    boolean isEntry = settings.findMap(key).isPresent();
    if (setting.filter(one -> one.constraint().isWhole()).isPresent()) {
      takeWhole(key, node);
      return;
    }
    boolean isParent = settings.isSection(key) || setting.filter(Setting::isMap).isPresent();
    if (node instanceof Map<?, ?> members && (isParent || isEntry)) {
      members.forEach((name, member) -> take(key + "." + name, member));
    } else if (setting.isEmpty() && !isParent && !isEntry) {
      fault(key, settings.unknownKey(key));
    } else if (node == null) {
      return; // As if it were left out.
    } else if (isEntry) {
      held.put(key, List.of(text(node)), "in " + file);
    } else if (isParent) {
      fault(key, " is a section; expected its settings indented under it");
    } else {
      take(setting.orElseThrow(), node);
    }
  }

  /**
   * Takes a setting whose parts are read elsewhere, from the file's own text: here, words such as
   * no and off are booleans already.
   */
  private void takeWhole(String key, @Nullable Object node) {
    if (node != null) {
      held.put(key, List.of(text), "in " + file);
    }
  }

  private void take(Setting setting, Object node) {
    String byDefault = setting.defaultValue();
    if (node instanceof Map) {
      fault(setting.key(), " is a section; expected one value");
    } else if (node instanceof List<?> && !setting.isList()) {
      fault(setting.key(), " is a list; expected one value");
    } else if (!text(node).isEmpty()) {
      List<String> texts =
          node instanceof List<?> list
              ? list.stream().map(YamlSource::text).toList()
              : setting.split(text(node));
      held.put(setting.key(), texts, "in " + file);
    } else if (byDefault != null) {
      held.fault(
          setting.key(),
          "%s is empty in %s; leave it out for its default, %s"
              .formatted(setting.names(), file, byDefault));
    }
  }

  private void fault(String key, String words) {
    held.fault(key, key + " in " + file + words);
  }

  private static String text(@Nullable Object node) {
    return node instanceof List<?> list
        ? list.stream().map(YamlSource::text).collect(Collectors.joining(","))
        : Objects.toString(node, "");
  }
}
