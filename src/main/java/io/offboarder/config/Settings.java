package io.offboarder.config;

import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All settings there are, read off the typed interfaces. */
final class Settings {
  private final List<Setting> all;

  private Settings(List<Setting> all) {
    this.all = List.copyOf(all);
  }

  static Settings declared() {
    List<Setting> settings = new ArrayList<>();
    collect(OffboarderConfig.class, OffboarderConfig.PREFIX, settings);
    settings.sort(Comparator.comparing(Setting::key));
    return new Settings(settings);
  }

  private static void collect(Class<?> type, String prefix, List<Setting> into) {
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      String key = prefix + "." + kebab(method.getName());
      Must must = method.getAnnotation(Must.class);
      if (must == null) {
        collect(method.getReturnType(), key, into);
      } else {
        WithDefault byDefault = method.getAnnotation(WithDefault.class);
        into.add(
            new Setting(
                key,
                must.value(),
                shape(method.getReturnType()),
                byDefault == null ? null : byDefault.value()));
      }
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Setting.Shape shape(Class<?> type) {
    if (type == Map.class) {
      return Setting.Shape.MAP;
    }
    return type == List.class ? Setting.Shape.LIST : Setting.Shape.ONE;
  }

  List<Setting> all() {
    return all;
  }

  Optional<Setting> byKey(String key) {
    return all.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }

  Optional<Setting> byEnvironmentName(String name) {
    return all.stream().filter(setting -> setting.environmentName().equals(name)).findFirst();
  }

  /** The setting that somebody may have meant, by key; null if none is near. */
  @Nullable String nearestKey(String key) {
    return nearest(key, all.stream().map(Setting::key).toList());
  }

  /** The variable that somebody may have meant; null if none is near. */
  @Nullable String nearestEnvironmentName(String name) {
    return nearest(name, all.stream().map(Setting::environmentName).toList());
  }

  private static @Nullable String nearest(String wrong, List<String> names) {
    return Spelling.nearest(wrong, names, Math.max(3, wrong.length() / 4));
  }
}
