package io.offboarder.config;

import io.offboarder.intake.IntakeRules;
import io.offboarder.protection.ProtectedFile;
import io.offboarder.stream.ReservedKafkaProperties;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What settings must be to each other, and what Kafka's own may be. */
final class ConfigChecks {
  private static final String SERVERS = KafkaConfig.PREFIX + ".bootstrap-servers";
  private static final String PRIVACY = OffboarderConfig.PREFIX + ".privacy.";
  private static final String SIGNATURES = OffboarderConfig.PREFIX + ".signatures.";
  private static final String WEBEX = OffboarderConfig.PREFIX + ".webex.";
  private static final String PROTECTED_FILE = OffboarderConfig.PREFIX + ".policy.protected-file";
  private static final String GUARD = OffboarderConfig.PREFIX + ".policy.guard";
  private static final String TOKEN = WEBEX + "access-token";
  private static final List<String> RENEWING =
      Stream.of("client-id", "client-secret", "refresh-token").map(WEBEX::concat).toList();
  private static final String RENEWING_WORDS = "a client id, a client secret and a refresh token";

  /** Names and addresses that never leave the machine. */
  private static final Pattern LOOPBACK =
      Pattern.compile("http://(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d*)?(/.*)?");

  /** Edits that still look like a misspelling. */
  private static final int MISSPELT = 2;

  /** What to set instead of a setting of Kafka's. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "group.id", "is set by offboarder.kafka.group-id",
          "group.instance.id",
              "is not used: offboarder.instance-id names an instance, and it leaves its group at once",
          "transactional.id",
              "is made of offboarder.kafka.group-id and offboarder.instance-id, so set those");

  private final Settings settings;
  private final SourcedValues held;
  private final IntakeRules rules;

  ConfigChecks(Settings settings, SourcedValues held, IntakeRules rules) {
    this.settings = settings;
    this.held = held;
    this.rules = rules;
  }

  void run() {
    topics();
    signatures();
    kafkaProperties();
    // Of a file that could not be read, nobody knows what it would have set.
    if (held.faults().stream().noneMatch(fault -> fault.setting().equals(ConfigFault.FILE))) {
      credentials();
      pseudonyms();
      managementPort();
      schemaRegistry();
      plainHttp();
      protectedFile();
      guard();
    }
  }

  /** The guard counts what stands in the journal. */
  private void guard() {
    String journal = OffboarderConfig.PREFIX + ".journal.enabled";
    List<String> limits =
        Stream.of("terminations", "decommissions").map((GUARD + ".")::concat).toList();
    if ("false".equals(held.text(journal))
        && !limits.stream().map(held::text).allMatch("0"::equals)) {
      fault(
          journal,
          "is false, and the guard needs the journal; expected true, or 0 for "
              + String.join(" and ", limits));
    }
  }

  private void topics() {
    Set<String> taken = new HashSet<>();
    for (String name :
        List.of(
            "input-topics",
            "outcome-topic",
            "dead-letter-topic",
            "case-topic",
            "command-topic",
            "journal-topic")) {
      Setting setting = settings.get(KafkaConfig.PREFIX + "." + name);
      setting.split(held.text(setting.key())).stream()
          .map(String::strip)
          .filter(topic -> !taken.add(topic))
          .map(topic -> "is " + setting.constraint().shown(topic) + ", which is named before; ")
          .map(words -> words + "expected a topic of its own for each of the inputs, the outcomes,")
          .forEach(
              words ->
                  fault(
                      setting.key(),
                      words + " the dead letters, the cases, the commands and the journal"));
    }
  }

  /** A topic that asks for signatures that are not there would reject every leaver. */
  private void signatures() {
    Setting required = settings.get(SIGNATURES + "required-topics");
    Setting inputs = settings.get(KafkaConfig.PREFIX + ".input-topics");
    List<String> signed = topics(required);
    List<String> known = topics(inputs);
    if (!signed.isEmpty() && held.get(SIGNATURES + "keys") == null) {
      fault(SIGNATURES + "keys", "is missing; " + required.names() + " needs it");
    }
    signed.stream()
        .filter(topic -> !known.contains(topic))
        .map(required.constraint()::shown)
        .forEach(
            topic ->
                fault(required.key(), "has " + topic + ", which is none of " + inputs.names()));
    for (String topic : known) {
      List<String> unsafe = signed.contains(topic) ? List.of() : rules.needSignatures(topic);
      if (!unsafe.isEmpty()) {
        fault(
            OffboarderConfig.PREFIX + ".intake",
            "has rules ("
                + String.join(", ", unsafe)
                + ") that read security event tokens on "
                + topic
                + ": expected it in "
                + required.names()
                + ", or trust: topic in the rules");
      }
    }
  }

  private List<String> topics(Setting setting) {
    SourcedValue value = held.get(setting.key());
    return value == null ? List.of() : value.texts().stream().map(String::strip).toList();
  }

  private void kafkaProperties() {
    held.entries(KafkaConfig.PROPERTIES)
        .forEach(
            (name, value) -> {
              String key = KafkaConfig.PROPERTIES + "." + name;
              refusal(name, value.text())
                  .map(reason -> " cannot be set: it " + reason)
                  .or(() -> misspelling(name))
                  .ifPresent(words -> held.fault(key, key + " " + value.origin() + words));
            });
  }

  private Optional<String> refusal(String name, String text) {
    if (name.equals("bootstrap.servers")) {
      return Optional.of("is set by " + SERVERS).filter(words -> !text.equals(held.text(SERVERS)));
    }
    return ReservedKafkaProperties.refusal(name, text)
        .map(reason -> INSTEAD.getOrDefault(name, reason));
  }

  /**
   * Kafka would ignore a misspelt name without a word, and a connection that was to be encrypted
   * would not be. A name far from all of Kafka's may be a plug-in's.
   */
  private static Optional<String> misspelling(String name) {
    Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    return known.contains(name)
        ? Optional.empty()
        : NearestName.of(name, known.stream(), MISSPELT)
            .map(meant -> " is no setting of Kafka's clients; did you mean " + meant + "?");
  }

  /** There is exactly one way to prove oneself to the API. */
  private void credentials() {
    Stream.concat(Stream.of(TOKEN), RENEWING.stream()).forEach(this::givenOnce);
    List<String> given = RENEWING.stream().filter(this::isGiven).toList();
    if (isGiven(TOKEN) && !given.isEmpty()) {
      String words = "is given, and so is %s; expected either an access token, or %s";
      fault(TOKEN, words.formatted(String.join(", ", given), RENEWING_WORDS));
    } else if (!isGiven(TOKEN) && given.isEmpty()) {
      String words = "is missing; expected an access token, or %s (each also as …-file)";
      fault(TOKEN, words.formatted(String.join(", ", RENEWING)));
    } else if (!isGiven(TOKEN)) {
      String words = "is missing; %s (each also as …-file) belong together";
      RENEWING.stream()
          .filter(key -> !given.contains(key))
          .forEach(key -> fault(key, words.formatted(RENEWING_WORDS)));
    }
  }

  private void givenOnce(String key) {
    if (held.get(key) != null && held.get(key + "-file") != null) {
      fault(key, "is given, and so is " + key + "-file; expected one of the two");
    }
  }

  private boolean isGiven(String key) {
    return held.get(key) != null || held.get(key + "-file") != null;
  }

  /** Without a key, a pseudonym could be undone by everybody who can guess an address. */
  private void pseudonyms() {
    if (held.get(PRIVACY + "key-file") == null) {
      Stream.of(PRIVACY + "logs", PRIVACY + "outcomes")
          .filter(key -> held.text(key).equals("true"))
          .map(key -> "is missing; " + settings.get(key).names() + " needs it")
          .forEach(words -> fault(PRIVACY + "key-file", words));
    }
  }

  /** A token over plain http is everybody's on the way. */
  private void plainHttp() {
    String key = WEBEX + "base-url";
    String url = held.text(key).toLowerCase(Locale.ROOT);
    if (url.startsWith("http://")
        && !LOOPBACK.matcher(url).matches()
        && held.get(WEBEX + "allow-plain-http") == null) {
      fault(
          key,
          "is plain http to another machine, which would show everybody on the way the token;"
              + " expected https, or "
              + settings.get(WEBEX + "allow-plain-http").names()
              + ": I_ACCEPT_THAT_OTHERS_CAN_READ_THE_TOKEN");
    }
  }

  /** What protects must be whole before anything is touched. */
  private void protectedFile() {
    SourcedValue given = held.get(PROTECTED_FILE);
    if (given != null) {
      ValueConstraint.FILE
          .parse(given.text())
          .flatMap(readable -> ProtectedFile.fault((Path) readable))
          .ifPresent(
              words ->
                  fault(PROTECTED_FILE, "names the file " + given.text() + ", which " + words));
    }
  }

  private void managementPort() {
    givenOnce(HttpConfig.PREFIX + ".token");
    belongTogether(
        HttpConfig.PREFIX + ".tls-certificate-file", HttpConfig.PREFIX + ".tls-key-file");
  }

  private void schemaRegistry() {
    String user = SchemaRegistryConfig.PREFIX + ".user";
    String password = SchemaRegistryConfig.PREFIX + ".password";
    String token = SchemaRegistryConfig.PREFIX + ".token";
    givenOnce(password);
    givenOnce(token);
    if (isGiven(user) != isGiven(password)) {
      boolean first = !isGiven(user);
      fault(first ? user : password, "is missing; " + (first ? password : user) + " needs it");
    }
    if (isGiven(token) && isGiven(password)) {
      fault(token, "is given, and so is " + password + "; expected one of the two");
    }
    String key = SchemaRegistryConfig.PREFIX + ".url";
    boolean secret = isGiven(token) || isGiven(password);
    if (held.get(key) != null
        && secret
        && held.text(key).toLowerCase(Locale.ROOT).startsWith("http://")
        && !LOOPBACK.matcher(held.text(key).toLowerCase(Locale.ROOT)).matches()) {
      fault(
          key,
          "is plain http to another machine, which would show everybody on the way the"
              + " password or the token; expected https");
    }
  }

  private void belongTogether(String one, String other) {
    if ((held.get(one) == null) != (held.get(other) == null)) {
      boolean first = held.get(one) == null;
      fault(first ? one : other, "is missing; " + (first ? other : one) + " needs it");
    }
  }

  private void fault(String key, String words) {
    held.fault(key, settings.get(key).names() + " " + words);
  }
}
