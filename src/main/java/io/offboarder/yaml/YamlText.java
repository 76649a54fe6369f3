package io.offboarder.yaml;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML as JSON would read it: dates and words such as yes are texts. */
public final class YamlText {
  private static final Pattern BOOLEAN = Pattern.compile("true|false");
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)\\.[0-9]+");

  private YamlText() {}

  private static final class JsonTypes extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
      addImplicitResolver(Tag.BOOL, BOOLEAN, "tf");
      addImplicitResolver(Tag.INT, WHOLE, "-0123456789");
      addImplicitResolver(Tag.FLOAT, DECIMAL, "-0123456789");
    }
  }

  /** More levels than settings have; an alias within what it stands for has no end of them. */
  private static final int MOST_LEVELS = 50;

  /** More parts than settings have, counted wherever an alias repeats them. */
  private static final int MOST_PARTS = 100_000;

  /**
   * Maps, lists, texts, numbers, booleans and nulls.
   *
   * @throws IllegalArgumentException with the line and column of what is wrong
   */
  public static @Nullable Object load(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    DumperOptions unused = new DumperOptions();
    try {
      return bounded(
          new Yaml(
                  new SafeConstructor(options),
                  new Representer(unused),
                  unused,
                  options,
                  new JsonTypes())
              .load(text));
    } catch (MarkedYAMLException e) {
      throw new IllegalArgumentException(
          "line "
              + (e.getProblemMark().getLine() + 1)
              + ", column "
              + (e.getProblemMark().getColumn() + 1)
              + ": "
              + e.getProblem(),
          e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * What a parser made, where walking it ends soon: an alias may stand for what it is in, and
   * aliases of aliases for a billion parts.
   *
   * @throws IllegalArgumentException where not
   */
  public static @Nullable Object bounded(@Nullable Object root) {
    if (count(root, 0, 0) > MOST_PARTS) {
      throw new IllegalArgumentException("has more than " + MOST_PARTS + " parts");
    }
    return root;
  }

  private static int count(@Nullable Object part, int level, int before) {
    int counted = before + 1;
    if (level > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "refers to itself, or has more than " + MOST_LEVELS + " levels");
    }
    Collection<?> parts =
        part instanceof Map<?, ?> map
            ? map.values()
            : part instanceof Collection<?> list ? list : List.of();
    for (Object each : parts) {
      if (counted > MOST_PARTS) {
        break;
      }
      counted = count(each, level + 1, counted);
    }
    return counted;
  }
}
