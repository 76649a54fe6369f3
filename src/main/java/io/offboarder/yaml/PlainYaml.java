package io.offboarder.yaml;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Parses YAML that anybody may have written into plain values, of which there are not many. */
public final class PlainYaml {
  /** More levels than settings have; an alias within what it stands for has no end of them. */
  private static final int MOST_LEVELS = 50;

  /** More parts than settings have, counted wherever an alias repeats them. */
  private static final int MOST_PARTS = 100_000;

  private PlainYaml() {}

  /** Something whose walk would not end soon; its message quotes nothing of it. */
  public static final class EndlessException extends YAMLException {
    private static final long serialVersionUID = 1L;

    EndlessException(String message) {
      super(message);
    }
  }

  /**
   * Maps whose keys are scalars, lists and scalars; nothing is said twice.
   *
   * @param types says which scalars are no texts
   * @throws EndlessException where an alias stands for what it is in, or aliases of aliases for a
   *     billion parts
   * @throws RuntimeException where it is not YAML; its message may quote the text
   */
  public static @Nullable Object load(String text, Resolver types) {
    DumperOptions unused = new DumperOptions();
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object root =
        new Yaml(new TextKeys(options), new Representer(unused), unused, options, types).load(text);
    if (count(root, 0, 0) > MOST_PARTS) {
      throw new EndlessException("has more than " + MOST_PARTS + " parts");
    }
    return root;
  }

  private static int count(@Nullable Object part, int level, int before) {
    int counted = before + 1;
    if (level > MOST_LEVELS) {
      throw new EndlessException("refers to itself, or has more than " + MOST_LEVELS + " levels");
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
