package io.offboarder.cli;

import io.offboarder.config.ApprovalConfig;
import io.offboarder.config.GuardConfig;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.PolicyConfig;
import io.offboarder.config.PrivacyConfig;
import io.offboarder.config.SchemaRegistryConfig;
import io.offboarder.config.SecretValue;
import io.offboarder.config.SignaturesConfig;
import io.offboarder.config.StreamConfig;
import io.offboarder.config.WebexConfig;
import io.offboarder.event.DecoderSettings;
import io.offboarder.guard.GuardSettings;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.ops.ManagementSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.policy.PolicySettings.HoldSettings;
import io.offboarder.policy.PolicySettings.TimingSettings;
import io.offboarder.port.ServerCertificate;
import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.registry.RegistrySettings;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.service.CaseSettings;
import io.offboarder.service.IntakeSettings;
import io.offboarder.service.Privacy;
import io.offboarder.service.ServiceSettings;
import io.offboarder.signature.SignatureSettings;
import io.offboarder.signature.TokenSettings;
import io.offboarder.stream.OffsetMetadataSettings;
import io.offboarder.stream.StreamSettings;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.RefreshTokenFile;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.gate.GateSettings.Probes;
import io.offboarder.webex.gate.GateSettings.Retries;
import io.offboarder.webex.http.HttpSettings;
import io.offboarder.webex.http.HttpSettings.Network;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.offboarder.webex.limit.PauseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the configuration means to each room: its settings in that room's own words. */
final class SettingsMapper {
  private SettingsMapper() {}

  static ServiceSettings service(OffboarderConfig config) {
    return ServiceSettings.builder(
            stream(config),
            webex(config.webex()),
            config.kafka().outcomeTopic(),
            config.kafka().deadLetterTopic(),
            cases(config))
        .deadLetters(deadLetters(config.policy()))
        .signatures(signatures(config.signatures()))
        .decoder(
            new DecoderSettings(config.webex().defaultOrgId().orElse(null), config.policy().zone()))
        .policy(policy(config.policy()))
        .maxAuthorizations(maxAuthorizations(config.webex()))
        .stopTimeout(new ShutdownBudget(config.shutdownTimeout()).finishing())
        .privacy(privacy(config.privacy()))
        .intake(
            new IntakeSettings(config.intake(), registry(config.schemaRegistry(), config.webex())))
        .guard(guard(config))
        .build();
  }

  static SignatureSettings signatures(SignaturesConfig config) {
    return new SignatureSettings(
        Set.copyOf(config.requiredTopics()),
        config.keys(),
        new TokenSettings(
            config.tokenAudience().orElse(null), config.tokenMaxAge(), config.tokenMaxWait()));
  }

  static GuardSettings guard(OffboarderConfig config) {
    return journal(config).isEmpty() ? GuardSettings.OFF : guard(config.policy().guard());
  }

  static GuardSettings guard(GuardConfig guard) {
    return new GuardSettings(
        guard.terminations(), guard.decommissions(), guard.window(), guard.perOrg());
  }

  private static CaseSettings cases(OffboarderConfig config) {
    Map<String, String> properties = new HashMap<>(config.kafka().properties());
    properties.putIfAbsent("client.id", config.instanceId() + "-cases");
    CaseSettings cases =
        new CaseSettings(
            new KafkaSettings(
                config.kafka().bootstrapServers(), properties, KafkaSettings.USUAL_PATIENCE),
            config.kafka().caseTopic(),
            config.kafka().commandTopic());
    ApprovalConfig approval = config.policy().approval();
    return approval.twoPeople() ? cases.withTwoPeople(approval.expiresAfter()) : cases;
  }

  static PolicySettings policy(PolicyConfig config) {
    TimingSettings timing =
        new TimingSettings(
            config.clockSkew(),
            config.grace(),
            config.immediateReasons(),
            config.maxDelay(),
            config.secondLooks().stream().filter(look -> !look.isZero()).toList());
    return new PolicySettings(
        timing,
        config.ignoredTypes(),
        config.protectedFile().orElse(null),
        config.mode(),
        new HoldSettings(config.maxEventAge(), config.decommissionsNeedApproval()));
  }

  private static @Nullable RegistrySettings registry(
      SchemaRegistryConfig config, WebexConfig webex) {
    return registry(
        config,
        new Timeouts(webex.connectTimeout(), webex.requestTimeout(), webex.requestTimeout()));
  }

  /** Where schemas are; null where no registry is named. */
  static @Nullable RegistrySettings registry(SchemaRegistryConfig config, Timeouts timeouts) {
    return config
        .url()
        .map(
            url ->
                new RegistrySettings(
                    new HttpSettings(
                        url,
                        timeouts,
                        RegistrySettings.MOST_ANSWER_BYTES,
                        new Network(config.caFile().orElse(null), config.proxy().orElse(null))),
                    access(config)))
        .orElse(null);
  }

  private static RegistrySettings.Access access(SchemaRegistryConfig config) {
    if (config.user().isPresent()) {
      return new RegistrySettings.User(
          config.user().get(), credential(config.password(), config.passwordFile()));
    }
    return config.token().isPresent() || config.tokenFile().isPresent()
        ? new RegistrySettings.Token(credential(config.token(), config.tokenFile()))
        : new RegistrySettings.Open();
  }

  private static RegistrySettings.Credential credential(
      Optional<SecretValue> value, Optional<Path> file) {
    return new RegistrySettings.Credential(
        value.map(SecretValue::reveal).orElse(null), file.orElse(null));
  }

  private static Set<Status> deadLetters(PolicyConfig config) {
    Set<Status> kept = EnumSet.copyOf(ServiceSettings.USUAL_DEAD_LETTERS);
    if (!config.keepNotFound()) {
      kept.remove(Status.SUBJECT_NOT_FOUND);
    }
    return kept;
  }

  private static Privacy privacy(PrivacyConfig config) {
    Pseudonymizer pseudonyms = pseudonyms(config);
    return new Privacy(
        config.logs() ? pseudonyms : Pseudonymizer.NONE,
        config.outcomes() ? pseudonyms : Pseudonymizer.NONE);
  }

  /** How people are named where they are not named as they are; none without a key. */
  static Pseudonymizer pseudonyms(PrivacyConfig config) {
    return config
        .keyFile()
        .map(file -> Pseudonymizer.with(content(file)))
        .orElse(Pseudonymizer.NONE);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could be read a moment ago", e);
    }
  }

  static KafkaSettings kafka(KafkaConfig config) {
    return new KafkaSettings(
        config.bootstrapServers(), config.properties(), KafkaSettings.USUAL_PATIENCE);
  }

  static ManagementSettings management(HttpConfig config) {
    return new ManagementSettings(
        config.host(),
        config.port(),
        config
            .tlsCertificateFile()
            .map(file -> new ServerCertificate(file, config.tlsKeyFile().orElseThrow()))
            .orElse(null),
        token(config).map(ManagementSettings.BearerToken::new).orElse(null));
  }

  /** What a request to the management port has to carry. */
  static Optional<String> token(HttpConfig config) {
    return config
        .token()
        .map(SecretValue::reveal)
        .or(() -> config.tokenFile().map(SettingsMapper::content));
  }

  /** What all events may hold in memory; by default what fits the heap. */
  static int maxAuthorizations(WebexConfig config) {
    return config
        .maxAuthorizationsInMemory()
        .orElseGet(() -> ServiceSettings.authorizationsThatFit(Runtime.getRuntime().maxMemory()));
  }

  static WebexSettings webex(WebexConfig config) {
    HttpSettings http =
        new HttpSettings(
            config.baseUrl(),
            new Timeouts(config.connectTimeout(), config.requestTimeout(), config.requestTimeout()),
            (int) Math.min(Integer.MAX_VALUE, config.maxResponseBytes().bytes()),
            new Network(config.caFile().orElse(null), config.proxy().orElse(null)));
    Retries usual = Retries.defaults();
    GateSettings gate =
        new GateSettings(
            config.maxConcurrency(),
            config.maxRequestsPerSecond().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
            new Retries(
                config.maxAttempts(),
                config.maxEventTime(),
                usual.firstBackoff(),
                usual.maxBackoff()),
            Probes.upTo(config.maxProbeInterval()),
            PauseSettings.defaults(),
            Pseudonymizer.NONE);
    return new WebexSettings(credentials(config), http, gate, config.maxListItems());
  }

  /** The configuration is checked, so what is not a token is the other three. */
  private static Credentials credentials(WebexConfig config) {
    return config.accessToken().isPresent() || config.accessTokenFile().isPresent()
        ? new Credentials.StaticToken(secret(config.accessToken(), config.accessTokenFile()))
        : new Credentials.RefreshToken(
            secret(config.clientId(), config.clientIdFile()),
            secret(config.clientSecret(), config.clientSecretFile()),
            secret(config.refreshToken(), config.refreshTokenFile()),
            config.refreshTokenStateFile().map(RefreshTokenFile::new).orElse(null));
  }

  private static Secret secret(Optional<SecretValue> value, Optional<Path> file) {
    return value
        .map(given -> Secret.of(given.reveal()))
        .orElseGet(() -> Secret.fromFile(file.orElseThrow()));
  }

  /** The journal's topic, if there is to be one. */
  static Optional<String> journal(OffboarderConfig config) {
    return config.journal().enabled()
        ? Optional.of(config.kafka().journalTopic())
        : Optional.empty();
  }

  private static StreamSettings stream(OffboarderConfig config) {
    KafkaConfig kafka = config.kafka();
    StreamConfig stream = config.stream();
    Map<String, String> client = new HashMap<>(kafka.properties());
    client.put("bootstrap.servers", kafka.bootstrapServers());
    OffsetMetadataSettings metadata =
        new OffsetMetadataSettings(
            stream.offsetMetadataMaxChars(),
            stream.offsetMetadataEncoding(),
            stream.foreignOffsetMetadata());
    return new StreamSettings(
        client,
        kafka.groupId(),
        config.instanceId(),
        kafka.inputTopics(),
        stream.maxRecordsInFlight(),
        stream.maxBytesInFlight().bytes(),
        stream.maxSpanPerPartition().orElse(metadata.capacity()),
        metadata,
        stream.commitInterval(),
        stream.drainTimeout(),
        stream.livenessPort(),
        journal(config).orElse(null),
        kafka.caseTopic());
  }
}
