package io.offboarder.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings from environment variables. An empty variable sets nothing, as with most tools that fill
 * a variable from one that may be missing; only Kafka's own settings may be empty on purpose.
 */
final class EnvironmentSource {
  private static final String ORIGIN = "in the environment";
  private static final String KAFKA_PROPERTY = "OFFBOARDER_KAFKA_PROPERTIES_";

  /** Variables that are no settings. */
  private static final Map<String, ValueConstraint> OTHERS =
      Map.of(
          ConfigReader.FILE_VARIABLE,
          ValueConstraint.ANYTHING,
          "OFFBOARDER_DEBUG",
          ValueConstraint.ANYTHING,
          "OFFBOARDER_LOG_LEVEL",
          ValueConstraint.LOG_LEVEL,
          "OFFBOARDER_LOG_FORMAT",
          ValueConstraint.LOG_FORMAT);

  /**
   * What Kubernetes tells every pod about a Service named {@code offboarder} or {@code
   * offboarder-…}.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "OFFBOARDER_(.*_)?(SERVICE_(HOST|PORT(_.*)?)|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  /** So does a variable …_PORT with such a value, even one that is named like a setting. */
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Settings settings;
  private final SourcedValues held;

  EnvironmentSource(Settings settings, SourcedValues held) {
    this.settings = settings;
    this.held = held;
  }

  /** Takes one variable. */
  void read(String name, String text) {
    if (!name.startsWith("OFFBOARDER_") || isServiceLink(name, text)) {
      return;
    }
    Optional<Setting> setting = settings.findVariable(name).filter(known -> !known.isMap());
    if (setting.isEmpty() && name.matches(KAFKA_PROPERTY + ".+")) {
      String property = propertyName(name.substring(KAFKA_PROPERTY.length()));
      held.put(KafkaConfig.PROPERTIES + "." + property, List.of(text), ORIGIN);
    } else if (text.isEmpty()) {
      return;
    } else if (setting.isPresent()) {
      held.put(setting.get().key(), setting.get().split(text), ORIGIN);
    } else if (!OTHERS.containsKey(name)) {
      held.fault(name, name + " " + ORIGIN + settings.unknownVariable(name));
    } else if (OTHERS.get(name).parse(text).isEmpty()) {
      held.fault(name, OTHERS.get(name).fault(name, new SourcedValue(List.of(text), ORIGIN), ""));
    }
  }

  private static boolean isServiceLink(String name, String text) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(text).matches());
  }

  /** As Kafka's own image does it: three underscores are a hyphen, two are one, one is a dot. */
  private static String propertyName(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replace("___", "-")
        .replace("__", "\0")
        .replace('_', '.')
        .replace('\0', '_');
  }
}
