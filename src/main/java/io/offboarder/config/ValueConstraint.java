package io.offboarder.config;

import io.offboarder.event.Execution;
import io.offboarder.signature.KeySet;
import io.offboarder.stream.OffsetEncoding;
import io.offboarder.stream.OffsetMetadataSettings.Foreign;
import io.offboarder.text.Printable;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.http.HttpSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** What a value may be, in words, and what it then is. */
enum ValueConstraint {
  /** Not looked at, and kept as it is. */
  ANYTHING("any text", text -> text),
  NAME(
      "text of up to 200 characters, not blank and without control characters",
      text -> matching("(?=.*\\S)[^\\x00-\\x1f\\x7f-\\x9f]{1,200}", text)),
  TOPIC(
      "a topic's name: up to 249 letters, digits, dots, hyphens and underscores",
      text -> matching("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}", text)),
  SERVERS("host:port, several of them separated by commas", ValueConstraint::servers),
  HTTP_URL(
      "http:// or https://, a host and perhaps a path; no user, query or fragment",
      ValueConstraint::httpUrl),
  PROXY("http://host:port, without user or path", ValueConstraint::proxy),
  LIMIT("a whole number; 0 for no limit", text -> wholeNumber(text, 0, Integer.MAX_VALUE)),
  COUNT("a whole number, 1 or more", text -> wholeNumber(text, 1, Integer.MAX_VALUE)),
  PORT("a port, 0 to 65535", text -> wholeNumber(text, 0, 65_535)),
  RATE(
      "a number above 0, such as 50 or 0.5",
      text -> Double.valueOf(matching("(?=.*[1-9])\\d{1,9}(\\.\\d{1,9})?", text))),
  DURATION("a duration above zero, such as 500ms, 25s, 2m, 1h or PT25S", DurationText::parse),
  WAIT(
      "a duration of 0s or more, such as 15m, 36h or 400d",
      text -> DurationText.parse(text, Duration.ZERO, Duration.ofDays(3_660))),
  COMMIT_INTERVAL(
      "a duration from 0ms to 1s, such as 25ms",
      text -> DurationText.parse(text, Duration.ZERO, Duration.ofSeconds(1))),
  LOOKS(
      "durations above zero, such as 5m and 24h, or none",
      text ->
          text.equals("none")
              ? Duration.ZERO
              : DurationText.parse(text, Duration.ofMillis(1), Duration.ofDays(30))),
  SIZE("a size, such as 67108864, 512KiB or 64MiB", ByteSize::parse),
  BOOLEAN("true or false", text -> Boolean.valueOf(matching("true|false", text))),
  METADATA_CHARS(
      "a whole number, 32 or more: the broker's offset.metadata.max.bytes",
      text -> wholeNumber(text, 32, 1 << 20)),
  METADATA_ENCODING(
      "wide or base64", text -> OffsetEncoding.valueOf(upper(matching("wide|base64", text)))),
  FOREIGN_METADATA("ignore or stop", text -> Foreign.valueOf(upper(matching("ignore|stop", text)))),
  MODE(
      "real or dry-run",
      text -> Execution.valueOf(upper(matching("real|dry-run", text).replace('-', '_')))),
  ZONE("a time zone, such as UTC, +01:00 or Europe/Berlin", ZoneId::of),
  LOG_LEVEL(
      "ERROR, WARN, INFO, DEBUG, TRACE or OFF",
      text -> matching("ERROR|WARN|INFO|DEBUG|TRACE|OFF", upper(text))),
  LOG_FORMAT("text or json", text -> matching("text|json", text)),
  PLAIN_HTTP(
      "I_ACCEPT_THAT_OTHERS_CAN_READ_THE_TOKEN",
      text -> matching("I_ACCEPT_THAT_OTHERS_CAN_READ_THE_TOKEN", text)),
  /** Read as a whole, with faults of its own: {@link Setting#read}. */
  INTAKE("rules, as docs/INTAKE.md describes them", text -> text),
  /** Read as a whole, with faults of its own: {@link Setting#read}. */
  ENDPOINTS("endpoints, as docs/INTAKE.md describes them", text -> text),
  PLAIN_WEBHOOKS(
      "I_ACCEPT_THAT_OTHERS_CAN_READ_AND_FORGE_EVENTS",
      text -> matching("I_ACCEPT_THAT_OTHERS_CAN_READ_AND_FORGE_EVENTS", text)),
  SECRET("visible ASCII characters without blanks", text -> new SecretValue(secret(text, 1))),
  FILE("a file that this process may read", ValueConstraint::file),
  CERTIFICATES(
      "a file that this process may read, with certificates in PEM", ValueConstraint::certificates),
  PRIVATE_KEY(
      "a file that this process may read, with a private key in PEM that no password protects",
      ValueConstraint::privateKey),
  SECRET_FILE(
      "a file that this process may read and that holds the secret and nothing else",
      text -> secretFile(text, 1)),
  KEY_SET(
      "SOURCE=FILE or SOURCE=https://…, a file that this process may read; * as the source stands for"
          + " any",
      ValueConstraint::keySet),
  STATE_FILE(
      "a file in a directory that this process may write to, readable where it exists",
      ValueConstraint::stateFile),
  KEY_FILE(
      "a file that this process may read and that holds a key of at least 32 visible ASCII"
          + " characters and nothing else",
      text -> secretFile(text, 32));

  private static final long MAX_SECRET_BYTES = 64 * 1024;
  private static final int MAX_BUNDLE_BYTES = 16 << 20;

  private final String expected;

  @SuppressWarnings("ImmutableEnumChecker") // All of them are functions without state.
  private final Parser parser;

  ValueConstraint(String expected, Parser parser) {
    this.expected = expected;
    this.parser = parser;
  }

  /** Makes a value of a text, or throws. */
  private interface Parser {
    Object parse(String text) throws IOException, GeneralSecurityException;
  }

  /** Whether its parts are read elsewhere, from the whole text. */
  boolean isWhole() {
    return this == INTAKE || this == ENDPOINTS;
  }

  /** The value; empty if it is not allowed. Blocks where it names a file. */
  Optional<Object> parse(String text) {
    try {
      return Optional.of(parser.parse(this == ANYTHING ? text : text.strip()));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * One line that says what a setting holds and what is allowed.
   *
   * @param each "each " where that is allowed several times
   */
  String fault(String names, SourcedValue held, String each) {
    return "%s is %s %s; %sexpected %s"
        .formatted(names, shown(held.text()), held.origin(), each, expected);
  }

  /** A value as a line shows it: quoted, cut, and without secrets. */
  String shown(String text) {
    if (this == SECRET || (isSecretFile() && !looksLikePath(text.strip()))) {
      return "***";
    }
    // Up to the last @: a password may have slashes and an @ too.
    String line = Printable.oneLine(text.replaceAll("(?s)//.*@", "//***@"));
    String cut = line.length() > 200 ? line.substring(0, 200) + "…" : line;
    return '"' + cut + '"';
  }

  private boolean isSecretFile() {
    return this == SECRET_FILE || this == KEY_FILE || this == PRIVATE_KEY;
  }

  /** Whether its first step is there; what is not may be the secret itself, put here by mistake. */
  private static boolean looksLikePath(String text) {
    try {
      Path path = Path.of(text);
      Path first = path.getName(0);
      return Files.exists(path.isAbsolute() ? path.getRoot().resolve(first) : first);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }

  private static String matching(String pattern, String text) {
    require(text.matches(pattern));
    return text;
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static int wholeNumber(String text, int least, int most) {
    int number = Integer.parseInt(text);
    require(number >= least && number <= most);
    return number;
  }

  private static String servers(String text) {
    for (String server : text.split(",", -1)) {
      matching("(\\[[0-9a-fA-F:.%]+]|[^\\s:/@\\[\\]]+):\\d{1,5}", server.strip());
      wholeNumber(server.substring(server.lastIndexOf(':') + 1).strip(), 0, 65_535);
    }
    return text;
  }

  private static URI httpUrl(String text) {
    URI url = URI.create(text);
    require(HttpSettings.isBaseUrl(url));
    return url;
  }

  private static URI proxy(String text) {
    URI url = httpUrl(matching("(?i)http://[^/]+/?", text));
    require(url.getPort() > 0 && url.getPort() <= 65_535);
    return url;
  }

  private static Path file(String text) {
    Path file = Path.of(text);
    require(Files.isRegularFile(file) && Files.isReadable(file));
    return file;
  }

  private static Path certificates(String text) throws IOException, GeneralSecurityException {
    Path file = file(text);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BUNDLE_BYTES);
      require(new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE"));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      require(!factory.generateCertificates(new ByteArrayInputStream(content)).isEmpty());
    }
    return file;
  }

  /** It is replaced as a whole, so the directory has to be writable in any case. */
  private static Path stateFile(String text) {
    Path file = Path.of(text).toAbsolutePath();
    require(Files.notExists(file) || (Files.isRegularFile(file) && Files.isReadable(file)));
    require(file.getParent() != null && Files.isWritable(file.getParent()));
    return file;
  }

  private static KeySet keySet(String text) throws IOException {
    KeySet keys = KeySet.parse(text);
    if ("file".equals(keys.location().getProtocol())) {
      file(Path.of(URI.create(keys.location().toString())).toString());
    }
    return keys;
  }

  private static Path privateKey(String text) throws IOException {
    Path file = file(text);
    require(Files.size(file) <= MAX_SECRET_BYTES);
    require(Files.readString(file).matches("(?s).*-----BEGIN (RSA |EC )?PRIVATE KEY-----.*"));
    return file;
  }

  private static String secret(String text, int shortest) {
    require(Secret.isWellFormed(text) && text.length() >= shortest);
    return text;
  }

  private static Path secretFile(String text, int shortest) throws IOException {
    Path file = file(text);
    require(Files.size(file) <= MAX_SECRET_BYTES);
    secret(Files.readString(file).strip(), shortest);
    return file;
  }
}
