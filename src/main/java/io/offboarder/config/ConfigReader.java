package io.offboarder.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  private static final String PRIVACY = OffboarderConfig.PREFIX + ".privacy.";

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

  /** Empty if the host does not know its own name, which is then a fault to be told. */
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
   * Reads everything.
   *
   * @param file the YAML file; null for the one that {@link #FILE_VARIABLE} names, if it does
   */
  public ConfigResult<OffboarderConfig> read(@Nullable Path file) {
    return read(file, OffboarderConfig.class, OffboarderConfig.PREFIX);
  }

  /**
   * Reads what a Kafka client needs; the other settings may be missing or wrong.
   *
   * @param file the YAML file; null for the one that {@link #FILE_VARIABLE} names, if it does
   */
  public ConfigResult<KafkaConfig> readKafka(@Nullable Path file) {
    return read(file, KafkaConfig.class, KafkaConfig.PREFIX);
  }

  /**
   * Reads where health is told; the other settings may be missing or wrong.
   *
   * @param file the YAML file; null for the one that {@link #FILE_VARIABLE} names, if it does
   */
  public ConfigResult<HttpConfig> readHttp(@Nullable Path file) {
    return read(file, HttpConfig.class, HttpConfig.PREFIX);
  }

  private <T> ConfigResult<T> read(@Nullable Path file, Class<T> type, String prefix) {
    List<Layer> layers = new ArrayList<>();
    layers.add(EnvironmentLayer.read(environment, settings));
    String named = environment.getOrDefault(FILE_VARIABLE, "");
    if (file != null || !named.isBlank()) {
      layers.add(YamlLayer.read(file != null ? file : Path.of(named), settings));
    }
    layers.add(defaults());
    List<ConfigFault> faults = new ArrayList<>();
    layers.forEach(layer -> faults.addAll(layer.faults()));

    Map<String, Held> held = topmost(layers);
    Layer fromFile = propertiesFile(held.get(KafkaConfig.PREFIX + ".properties-file"));
    fromFile.values().forEach((key, value) -> held.putIfAbsent(key, new Held(value, fromFile)));
    faults.addAll(fromFile.faults());
    held.forEach((key, value) -> faults.addAll(ownFaults(key, value, held)));
    faults.addAll(topicFaults(held));
    if (faults.stream().noneMatch(fault -> fault.setting().equals(ConfigFault.FILE))) {
      // Of a file that could not be read nobody knows what it would have set.
      faults.addAll(new CredentialChecks(held.keySet()).faults());
      faults.addAll(privacyFaults(held));
    }

    List<ConfigFault> relevant =
        faults.stream().filter(fault -> concerns(fault.setting(), prefix)).toList();
    return relevant.isEmpty()
        ? new ConfigResult.Valid<>(mapped(held, type, prefix))
        : new ConfigResult.Invalid<>(relevant);
  }

  /** A value and who set it. */
  private record Held(String value, Layer by) {}

  /** A file's own faults concern everybody; a setting's those who read it. */
  private static boolean concerns(String setting, String prefix) {
    String key =
        setting.startsWith("OFFBOARDER_")
            ? setting.toLowerCase(Locale.ROOT).replace('_', '.')
            : setting;
    return !key.startsWith(OffboarderConfig.PREFIX + ".") || (key + ".").startsWith(prefix + ".");
  }

  private Layer defaults() {
    Map<String, String> values = new TreeMap<>();
    for (Setting setting : settings.all()) {
      if (setting.defaultValue() != null) {
        values.put(setting.key(), setting.defaultValue());
      }
    }
    values.put(OffboarderConfig.PREFIX + ".instance-id", hostName.get());
    return new Layer("by default", values, List.of());
  }

  private static Map<String, Held> topmost(List<Layer> layers) {
    Map<String, Held> held = new TreeMap<>();
    for (Layer layer : layers) {
      layer.values().forEach((key, value) -> held.putIfAbsent(key, new Held(value, layer)));
    }
    return held;
  }

  private static Layer propertiesFile(@Nullable Held held) {
    if (held == null || !Rule.FILE.accepts(held.value().strip())) {
      return new Layer("", Map.of(), List.of());
    }
    Path file = Path.of(held.value().strip());
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      return Layer.faulty(file + " cannot be read as a file of Java properties in UTF-8");
    }
    Map<String, String> values = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      values.put(Layer.kafkaProperty(name), properties.getProperty(name));
    }
    return new Layer("in " + file, values, List.of());
  }

  private List<ConfigFault> ownFaults(String key, Held held, Map<String, Held> all) {
    if (key.startsWith(Layer.KAFKA_PROPERTIES)) {
      String name = key.substring(Layer.KAFKA_PROPERTIES.length()).replace("\"", "");
      String servers = all.get(KafkaConfig.PREFIX + ".bootstrap-servers").value();
      String fault = GovernedProperties.fault(name, held.value(), servers);
      String meant = KafkaPropertyNames.meant(name);
      String words =
          fault != null
              ? " cannot be set: it " + fault
              : meant != null
                  ? " is no setting of Kafka's clients; did you mean " + meant + "?"
                  : "";
      String property = Layer.KAFKA_PROPERTIES + name;
      return words.isEmpty()
          ? List.of()
          : List.of(new ConfigFault(property, property + " " + held.by().origin() + words));
    }
    Setting setting = settings.byKey(key).orElseThrow();
    return values(setting, held.value()).stream()
        .map(setting.rule()::fault)
        .flatMap(Stream::ofNullable)
        .distinct()
        .map(
            fault ->
                setting.names()
                    + " is "
                    + setting.shown(held.value())
                    + " "
                    + held.by().origin()
                    + "; "
                    + (setting.shape() == Setting.Shape.LIST ? "each " : "")
                    + fault)
        .map(line -> new ConfigFault(key, line))
        .toList();
  }

  private static List<String> values(Setting setting, String value) {
    return setting.shape() == Setting.Shape.LIST
        ? List.of(value.split(",", -1)).stream().map(String::strip).toList()
        : List.of(value.strip());
  }

  private List<ConfigFault> topicFaults(Map<String, Held> held) {
    Setting inputs = settings.byKey(KafkaConfig.PREFIX + ".input-topics").orElseThrow();
    Set<String> taken = new HashSet<>();
    List<ConfigFault> faults = new ArrayList<>();
    Map<Setting, List<String>> topics = new LinkedHashMap<>();
    topics.put(inputs, values(inputs, held.get(inputs.key()).value()));
    for (String name : List.of(".outcome-topic", ".dead-letter-topic")) {
      Setting setting = settings.byKey(KafkaConfig.PREFIX + name).orElseThrow();
      topics.put(setting, values(setting, held.get(setting.key()).value()));
    }
    topics.forEach(
        (setting, names) -> {
          for (String name : names) {
            if (!taken.add(name)) {
              faults.add(
                  new ConfigFault(
                      setting.key(),
                      setting.names()
                          + " is "
                          + setting.shown(name)
                          + ", which is named before; expected a topic of its own for each of the"
                          + " inputs, the outcomes and the dead letters"));
            }
          }
        });
    return faults;
  }

  /** Pseudonyms without a key could be undone by whoever can guess an address. */
  private List<ConfigFault> privacyFaults(Map<String, Held> held) {
    Setting keyFile = settings.byKey(PRIVACY + "key-file").orElseThrow();
    return held.containsKey(keyFile.key())
        ? List.of()
        : Stream.of("logs", "outcomes")
            .map(name -> settings.byKey(PRIVACY + name).orElseThrow())
            .filter(setting -> held.get(setting.key()).value().strip().equals("true"))
            .map(
                setting ->
                    new ConfigFault(
                        keyFile.key(),
                        keyFile.names() + " is missing; " + setting.names() + " needs it"))
            .toList();
  }

  private <T> T mapped(Map<String, Held> held, Class<T> type, String prefix) {
    Map<String, String> values = new TreeMap<>();
    held.forEach(
        (key, value) ->
            values.put(
                key,
                settings
                    .byKey(key)
                    .map(setting -> String.join(",", values(setting, value.value())))
                    .orElse(value.value())));
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "settings"))
            // An empty value means something to Kafka: it switches host name checks off, for one.
            .withConverter(String.class, 1000, value -> value)
            .withConverter(Duration.class, 1000, DurationText::parse)
            .withConverter(ByteSize.class, 1000, ByteSize::parse)
            // What is not set reaches a converter as an empty text.
            .withConverter(
                SecretValue.class, 1000, value -> value.isBlank() ? null : new SecretValue(value))
            .withConverter(OrgId.class, 1000, value -> value.isBlank() ? null : new OrgId(value))
            .withConverter(Path.class, 1000, value -> value.isBlank() ? null : Path.of(value))
            .withMapping(type, prefix)
            .withValidateUnknown(false)
            .build();
    return config.getConfigMapping(type, prefix);
  }
}
