package io.offboarder.config;

import io.offboarder.intake.IntakeRules;
import io.offboarder.webhook.Endpoints;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings, in rising order from their defaults, a YAML file and the environment, and
 * checks them as a whole. System properties are not read: one way less to be surprised.
 *
 * <p>Stateless beyond what it was given; blocks on files.
 */
public final class ConfigReader {
  /** The variable that names the file where no option does. */
  public static final String FILE_VARIABLE = "OFFBOARDER_CONFIG";

  private final Map<String, String> environment;
  private final Supplier<String> hostName;
  private final Settings settings = Settings.declared();

  /**
   * A reader of this environment.
   *
   * @param hostName the default of {@code offboarder.instance-id}
   */
  public ConfigReader(Map<String, String> environment, Supplier<String> hostName) {
    this.environment = Map.copyOf(environment);
    this.hostName = hostName;
  }

  /** The reader for this process. */
  public static ConfigReader ofProcess() {
    return new ConfigReader(System.getenv(), ConfigReader::nameOfHost);
  }

  /** Empty if the host does not know its own name, which is then a fault of the setting. */
  private static String nameOfHost() {
    String variable = System.getenv("HOSTNAME");
    if (variable != null && !variable.isBlank()) {
      return variable;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  /**
   * Reads a part of the settings.
   *
   * @param file null for the one that {@link #FILE_VARIABLE} names, if any
   */
  public <T> ConfigResult<T> read(Section<T> section, @Nullable Path file) {
    String prefix = section.prefix();
    SourcedValues held = new SourcedValues();
    new TreeMap<>(environment).forEach(new EnvironmentSource(settings, held)::read);
    String named = environment.getOrDefault(FILE_VARIABLE, "");
    if (file != null || !named.isBlank()) {
      new YamlSource(file != null ? file : Path.of(named), settings, held).read();
    }
    for (Setting setting : settings.all()) {
      String byDefault = setting.defaultValue();
      if (byDefault != null) {
        held.put(setting.key(), setting.split(byDefault), "by default");
      }
    }
    held.put(OffboarderConfig.PREFIX + ".instance-id", List.of(hostName.get()), "by default");

    Map<String, Object> values = new HashMap<>();
    SourcedValue properties = held.get(KafkaConfig.PREFIX + ".properties-file");
    if (properties != null) {
      ValueConstraint.FILE
          .parse(properties.text())
          .ifPresent(readable -> readProperties((Path) readable, held));
    }
    settings.all().stream()
        .filter(setting -> concerns(setting.key(), prefix))
        .forEach(setting -> values.put(setting.key(), setting.read(held)));
    IntakeRules rules =
        values.get(OffboarderConfig.PREFIX + ".intake") instanceof IntakeRules read
            ? read
            : IntakeRules.NONE;
    Endpoints endpoints =
        values.get(WebhooksConfig.PREFIX + ".endpoints") instanceof Endpoints read
            ? read
            : Endpoints.NONE;
    new ConfigChecks(settings, held, rules).run();
    new WebhookChecks(settings, held, endpoints).run();
    List<ConfigFault> relevant =
        held.faults().stream().filter(fault -> concerns(fault.setting(), prefix)).toList();
    return relevant.isEmpty()
        ? new ConfigResult.Valid<>(settings.fill(section.type(), prefix, values))
        : new ConfigResult.Invalid<>(relevant);
  }

  private static void readProperties(Path file, SourcedValues held) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      held.fault(ConfigFault.FILE, file + " cannot be read as a file of Java properties in UTF-8");
    }
    for (String name : properties.stringPropertyNames()) {
      held.put(
          KafkaConfig.PROPERTIES + "." + name, List.of(properties.getProperty(name)), "in " + file);
    }
  }

  /** A file's own faults concern every reader; a setting's those who read it. */
  private static boolean concerns(String setting, String prefix) {
    String key =
        setting.startsWith("OFFBOARDER_")
            ? setting.toLowerCase(Locale.ROOT).replace('_', '.')
            : setting;
    if (isIn(key, WebhooksConfig.PREFIX) && !prefix.equals(WebhooksConfig.PREFIX)) {
      return false; // Of no concern to who revokes, whose secrets are others.
    }
    return !isIn(key, OffboarderConfig.PREFIX) || isIn(key, prefix);
  }

  private static boolean isIn(String key, String section) {
    return (key + ".").startsWith(section + ".");
  }
}
