package io.offboarder.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import io.offboarder.webhook.Endpoint.Greeting;
import io.offboarder.webhook.HmacForm.Encoding;
import io.offboarder.webhook.HmacForm.Signed;
import io.offboarder.webhook.Verification.Hmac;
import io.offboarder.webhook.Verification.SharedSecret;
import io.offboarder.webhook.Verification.SharedSecret.Scheme;
import io.offboarder.webhook.Verification.SignedToken;
import io.offboarder.yaml.YamlNode;
import io.offboarder.yaml.YamlText;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads endpoints as settings have them, and finds all that is wrong with them at once. */
public final class EndpointReader {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+){1,8}");
  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  /** Headers that help to read the record, and are no secret. */
  private static final List<String> ALWAYS = List.of("content-type", "traceparent", "tracestate");

  /** What must not lie in a topic. */
  private static final Set<String> NEVER = Set.of("authorization", "proxy-authorization", "cookie");

  private static final Set<String> MEMBERS =
      Set.of("path", "topic", "verify", "secret-file", "header", "user", "hmac", "headers", "key");

  private final List<String> faults = new ArrayList<>();

  private EndpointReader() {}

  /** Whose form an endpoint's requests have. */
  private enum Sender {
    BAMBOOHR,
    HIBOB,
    GUSTO,
    OKTA,
    HMAC,
    BEARER,
    BASIC,
    HEADER,
    SET
  }

  /**
   * Reads endpoints. Blocks on the files of their secrets.
   *
   * @param text a list in YAML or JSON, or a settings file that has one at {@code
   *     offboarder.webhooks.endpoints}
   * @param place of the list, for messages
   */
  public static Endpoints read(String text, String place) throws Endpoints.InvalidException {
    Object root;
    try {
      root = YamlText.load(text);
    } catch (IllegalArgumentException e) {
      throw new Endpoints.InvalidException(List.of(place + " is no YAML: " + e.getMessage()));
    }
    if (root instanceof Map<?, ?> file && file.get("offboarder") instanceof Map<?, ?> settings) {
      root =
          settings.get("webhooks") instanceof Map<?, ?> section ? section.get("endpoints") : null;
    }
    if (root == null) {
      return Endpoints.NONE;
    }
    if (!(root instanceof List<?> nodes)) {
      throw new Endpoints.InvalidException(List.of(place + " is no list; expected endpoints"));
    }
    EndpointReader reader = new EndpointReader();
    List<Endpoint> all = reader.endpoints(nodes, place);
    if (!reader.faults.isEmpty()) {
      throw new Endpoints.InvalidException(reader.faults);
    }
    return new Endpoints(all);
  }

  private List<Endpoint> endpoints(List<?> nodes, String place) {
    List<Endpoint> all = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    int number = 0;
    for (Object each : nodes) {
      number++;
      YamlNode node = YamlNode.of(place + " " + number, each, faults::add);
      node.only(MEMBERS);
      Optional<Endpoint> endpoint = endpoint(node);
      endpoint.ifPresent(all::add);
      if (endpoint.isPresent() && !paths.add(endpoint.get().path())) {
        node.fault("path", "is " + endpoint.get().path() + ", as of one before; expected another");
      }
    }
    return all;
  }

  private Optional<Endpoint> endpoint(YamlNode node) {
    Optional<String> path =
        matching(node, "path", PATH, "a path such as /hr/workday, without a slash at its end");
    Optional<String> topic = matching(node, "topic", TOPIC, "a topic's name");
    if (!node.has("verify")) {
      node.fault("verify", "is missing; expected how the sender is known, such as bearer");
    }
    Optional<Sender> sender = node.oneOf("verify", Sender.class);
    Optional<Verification> verification = sender.flatMap(one -> verification(node, one));
    List<String> headers = headers(node, verification.orElse(null));
    Optional<JsonPointer> key = key(node, sender.orElse(null));
    if (path.isEmpty() || topic.isEmpty() || verification.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Endpoint(
            path.get(),
            topic.get(),
            verification.get(),
            greeting(sender.orElseThrow()),
            headers,
            key.orElse(null)));
  }

  private static Greeting greeting(Sender sender) {
    return switch (sender) {
      case OKTA -> Greeting.OKTA_CHALLENGE;
      case HIBOB -> Greeting.HIBOB_PING;
      default -> Greeting.NONE;
    };
  }

  private Optional<Verification> verification(YamlNode node, Sender sender) {
    fits(node, "hmac", sender == Sender.HMAC);
    fits(node, "user", sender == Sender.BASIC);
    fits(node, "header", sender == Sender.HEADER || sender == Sender.OKTA);
    fits(node, "secret-file", sender != Sender.SET);
    if (sender == Sender.SET) {
      return Optional.of(new SignedToken());
    }
    Optional<SecretFile> secret = secret(node);
    return switch (sender) {
      case BAMBOOHR -> secret.map(one -> new Hmac(HmacForm.BAMBOOHR, MAX_AGE, one));
      case HIBOB -> secret.map(one -> new Hmac(HmacForm.HIBOB, MAX_AGE, one));
      case GUSTO -> secret.map(one -> new Hmac(HmacForm.GUSTO, MAX_AGE, one));
      case HMAC -> hmac(node).flatMap(form -> secret.map(one -> new Hmac(form, MAX_AGE, one)));
      case BEARER -> secret.map(one -> new SharedSecret("authorization", Scheme.BEARER, null, one));
      case BASIC ->
          node.required("user")
              .flatMap(
                  user ->
                      secret.map(
                          one -> new SharedSecret("authorization", Scheme.BASIC, user, one)));
      case OKTA -> {
        String header = header(node, "header").orElse("authorization");
        yield secret.map(one -> new SharedSecret(header, Scheme.PLAIN, null, one));
      }
      case HEADER -> {
        if (!node.has("header")) {
          node.fault("header", "is missing; expected the name of the header with the secret");
        }
        Optional<String> header = header(node, "header");
        yield header.flatMap(
            name -> secret.map(one -> new SharedSecret(name, Scheme.PLAIN, null, one)));
      }
      case SET -> throw new AssertionError(sender);
    };
  }

  private static void fits(YamlNode node, String member, boolean fits) {
    if (!fits && node.has(member)) {
      node.fault(member, "does not go with this verify");
    }
  }

  private static Optional<SecretFile> secret(YamlNode node) {
    Optional<String> file = node.required("secret-file");
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SecretFile.open(Path.of(file.get())));
    } catch (IOException e) {
      node.fault("secret-file", "names a file that " + e.getMessage());
    } catch (InvalidPathException e) {
      node.fault("secret-file", "is no file's name");
    }
    return Optional.empty();
  }

  private Optional<HmacForm> hmac(YamlNode node) {
    if (!node.has("hmac")) {
      node.fault("hmac", "is missing; expected at least its header");
      return Optional.empty();
    }
    YamlNode form = node.child("hmac");
    form.only(Set.of("header", "algorithm", "encoding", "prefix", "signed", "timestamp-header"));
    if (!form.has("header")) {
      form.fault("header", "is missing; expected the name of the header with the signature");
    }
    Optional<String> header = header(form, "header");
    Optional<Algorithm> algorithm = form.oneOf("algorithm", Algorithm.class);
    Optional<Encoding> encoding = form.oneOf("encoding", Encoding.class);
    Signed signed = form.oneOf("signed", Signed.class).orElse(Signed.BODY);
    Optional<String> timestamp = header(form, "timestamp-header");
    if ((signed != Signed.BODY) != timestamp.isPresent()) {
      form.fault(
          "timestamp-header",
          signed == Signed.BODY
              ? "is there, and no signature covers it; expected signed to be body-timestamp or"
                  + " timestamp-dot-body"
              : "is missing; signed needs it");
    }
    return header.map(
        name ->
            new HmacForm(
                name,
                algorithm.orElse(Algorithm.SHA256).names(),
                encoding.orElse(Encoding.HEX),
                form.text("prefix").orElse(""),
                signed,
                timestamp.orElse(null)));
  }

  /** The algorithms that are good enough. */
  private enum Algorithm {
    SHA256,
    SHA384,
    SHA512;

    String names() {
      return "Hmac" + name();
    }
  }

  private static Optional<String> header(YamlNode node, String member) {
    return node.has(member) ? matching(node, member, HEADER, "a header's name") : Optional.empty();
  }

  private static Optional<String> matching(
      YamlNode node, String member, Pattern pattern, String expected) {
    Optional<String> text = node.required(member);
    if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
      node.fault(member, "is \"" + text.get() + "\"; expected " + expected);
      return Optional.empty();
    }
    return text;
  }

  private static List<String> headers(YamlNode node, @Nullable Verification verification) {
    Set<String> headers = new LinkedHashSet<>(ALWAYS);
    for (String name : node.texts("headers")) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!HEADER.matcher(name).matches()) {
        node.fault("headers", "has \"" + name + "\"; expected headers' names");
      } else if (NEVER.contains(lower) || lower.equals(proof(verification))) {
        node.fault("headers", "has " + name + ", which may hold a secret");
      } else {
        headers.add(lower);
      }
    }
    return List.copyOf(headers);
  }

  /** The header that proves who sends. */
  private static @Nullable String proof(@Nullable Verification verification) {
    if (verification instanceof SharedSecret shared) {
      return shared.header().toLowerCase(Locale.ROOT);
    }
    return verification instanceof Hmac hmac ? hmac.form().header().toLowerCase(Locale.ROOT) : null;
  }

  /** Whom a sender's requests are about, where all of them say it at one place. */
  private static Optional<JsonPointer> key(YamlNode node, @Nullable Sender sender) {
    Optional<String> usual =
        sender == Sender.GUSTO
            ? Optional.of("/entity_uuid")
            : sender == Sender.HIBOB ? Optional.of("/data/employeeId") : Optional.empty();
    Optional<String> pointer = node.text("key").or(() -> usual);
    try {
      return pointer.map(JsonPointer::compile);
    } catch (IllegalArgumentException e) {
      node.fault(
          "key", "is \"" + pointer.orElse("") + "\"; expected a JSON pointer such as /employee/id");
      return Optional.empty();
    }
  }
}
