package io.offboarder.architecture;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Finds static state: a static field that is not final, or that holds something that can change. It
 * looks into the values themselves, for a {@code Map} may be either.
 */
final class StaticState {
  /** Immutable though their fields do not all say so, or never changed once they are made. */
  private static final Set<Class<?>> IMMUTABLE =
      Set.of(
          String.class,
          Class.class,
          Pattern.class,
          URI.class,
          HexFormat.class,
          ch.qos.logback.classic.Level.class,
          org.apache.kafka.common.header.internals.RecordHeader.class,
          com.fasterxml.jackson.databind.json.JsonMapper.class,
          com.fasterxml.jackson.databind.ObjectMapper.class,
          com.fasterxml.jackson.databind.ObjectReader.class,
          com.fasterxml.jackson.databind.ObjectWriter.class,
          com.fasterxml.jackson.core.JsonFactory.class);

  private static final List<Class<?>> IMMUTABLE_KINDS =
      List.of(
          Number.class, Enum.class, Charset.class, Logger.class, java.util.logging.Logger.class);

  private final List<String> found = new ArrayList<>();

  private StaticState() {}

  /** The static fields of a class that can change, each with the path to what can. */
  static List<String> of(Class<?> type) {
    StaticState state = new StaticState();
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        state.inspect(type.getName() + "." + field.getName(), field, null);
      }
    }
    return state.found;
  }

  private void inspect(String path, Field field, Object owner) {
    if (!Modifier.isFinal(field.getModifiers())) {
      found.add(path + " is not final");
      return;
    }
    try {
      field.setAccessible(true);
      inspect(path, field.get(owner));
    } catch (IllegalAccessException e) {
      throw new AssertionError(path, e);
    }
  }

  private void inspect(String path, Object value) {
    if (value == null || isImmutable(value)) {
      return;
    }
    Class<?> type = value.getClass();
    if (isUnmodifiableCollection(type.getName())) {
      if (value instanceof Map<?, ?> map) {
        map.forEach(
            (key, held) -> {
              inspect(path + " key", key);
              inspect(path + "[" + key + "]", held);
            });
      } else {
        ((Collection<?>) value).forEach(held -> inspect(path + "[]", held));
      }
    } else if (type.getName().startsWith("io.offboarder.") && !type.isHidden()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          inspect(path + "." + field.getName(), field, value);
        }
      }
    } else if (!capturesNothing(type)) {
      found.add(path + " holds a " + type.getName());
    }
  }

  private static boolean isUnmodifiableCollection(String name) {
    return name.startsWith("java.util.ImmutableCollections$")
        || name.startsWith("java.util.Collections$Unmodifiable")
        || name.startsWith("java.util.Collections$Empty");
  }

  private static boolean isImmutable(Object value) {
    Class<?> type = value.getClass();
    return type == Boolean.class
        || type == Character.class
        || type.getName().startsWith("java.time.")
        || type.getName().startsWith("java.util.Comparator$$Lambda")
        || IMMUTABLE.contains(type)
        || (IMMUTABLE_KINDS.stream().anyMatch(kind -> kind.isInstance(value))
            && !type.getName().startsWith("java.util.concurrent.atomic."));
  }

  /** A lambda without captured variables. */
  private static boolean capturesNothing(Class<?> type) {
    return type.isHidden() && type.getDeclaredFields().length == 0;
  }
}
