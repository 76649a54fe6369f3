package io.offboarder.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings from environment variables. An empty variable sets nothing, as with most tools that fill
 * a variable from one that may be missing; only Kafka's own settings may be empty on purpose.
 */
final class EnvironmentLayer {
  private static final String PREFIX = "OFFBOARDER_";
  private static final String KAFKA_PROPERTY = "OFFBOARDER_KAFKA_PROPERTIES_";

  private static final String LOG_LEVEL = "OFFBOARDER_LOG_LEVEL";
  private static final String LOG_FORMAT = "OFFBOARDER_LOG_FORMAT";

  /** Variables of ours that are no settings. */
  private static final Set<String> OTHERS =
      Set.of("OFFBOARDER_CONFIG", LOG_LEVEL, LOG_FORMAT, "OFFBOARDER_DEBUG");

  /**
   * What Kubernetes tells every pod about a Service named {@code offboarder} or {@code
   * offboarder-…}.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "OFFBOARDER_(.*_)?(SERVICE_(HOST|PORT(_.*)?)|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  /** So does a variable …_PORT with such a value, even one that is named like a setting. */
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private static final Set<String> LOG_LEVELS =
      Set.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private static final Set<String> LOG_FORMATS = Set.of("text", "json");

  private EnvironmentLayer() {}

  static Layer read(Map<String, String> environment, Settings settings) {
    Map<String, String> values = new TreeMap<>();
    List<ConfigFault> faults = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PREFIX) || isServiceLink(name, value)) {
                return;
              }
              if (OTHERS.contains(name)) {
                checkLogging(name, value, faults);
                return;
              }
              Optional<Setting> setting = settings.byEnvironmentName(name);
              if (setting.isPresent() && setting.get().shape() != Setting.Shape.MAP) {
                if (!value.isEmpty()) {
                  values.put(setting.get().key(), value);
                }
              } else if (name.startsWith(KAFKA_PROPERTY)
                  && name.length() > KAFKA_PROPERTY.length()) {
                values.put(
                    Layer.kafkaProperty(propertyName(name.substring(KAFKA_PROPERTY.length()))),
                    value);
              } else if (!value.isEmpty()) {
                faults.add(unknown(name, settings));
              }
            });
    return new Layer("in the environment", values, faults);
  }

  private static boolean isServiceLink(String name, String value) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
  }

  /** The logging library takes a level that it does not know for DEBUG, and a format for none. */
  private static void checkLogging(String name, String value, List<ConfigFault> faults) {
    if (name.equals(LOG_LEVEL)
        && !value.isEmpty()
        && !LOG_LEVELS.contains(value.toUpperCase(Locale.ROOT))) {
      faults.add(unknownWord(name, value, "ERROR, WARN, INFO, DEBUG, TRACE or OFF"));
    }
    if (name.equals(LOG_FORMAT) && !value.isEmpty() && !LOG_FORMATS.contains(value)) {
      faults.add(unknownWord(name, value, "text or json"));
    }
  }

  private static ConfigFault unknownWord(String name, String value, String expected) {
    String shown = value.replaceAll("\\p{Cntrl}", " ");
    return new ConfigFault(
        name, name + " is \"" + shown + "\" in the environment; expected " + expected);
  }

  /** As Kafka's own image does it: three underscores are a hyphen, two are one, one is a dot. */
  private static String propertyName(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replace("___", "-")
        .replace("__", "\0")
        .replace('_', '.')
        .replace('\0', '_');
  }

  private static ConfigFault unknown(String name, Settings settings) {
    String near = settings.nearestEnvironmentName(name);
    return new ConfigFault(
        name,
        name
            + " in the environment is no setting"
            + (near == null ? "; see docs/CONFIGURATION.md" : "; did you mean " + near + "?"));
  }
}
