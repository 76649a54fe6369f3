package io.offboarder.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.awaitility.Awaitility;

/**
 * A real Kafka broker as it stands in a company: TLS, a password for everybody
 * (SASL/SCRAM-SHA-512), and nothing allowed but what an ACL allows. Its plaintext listener stays
 * open for the test itself.
 */
public final class SecuredBroker implements AutoCloseable {
  /** A user who may do everything. */
  public static final String ADMIN = "admin";

  private final Certificate certificate;
  private final EmbeddedBroker broker;
  private final int port;
  private final int mutualPort;

  private SecuredBroker(Certificate certificate, EmbeddedBroker broker, int port, int mutualPort) {
    this.certificate = certificate;
    this.broker = broker;
    this.port = port;
    this.mutualPort = mutualPort;
  }

  /** Starts one that shows this certificate, which is for {@code localhost}. */
  public static SecuredBroker start(Certificate certificate) {
    int port = BrokerFiles.freePort();
    int mutualPort = BrokerFiles.freePort();
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", "SECURED://localhost:" + port + ",MUTUAL://localhost:" + mutualPort);
    settings.put("listener.security.protocol.map", "SECURED:SASL_SSL,MUTUAL:SSL");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificate.keyStore().toString());
    settings.put("ssl.keystore.password", Certificate.PASSWORD);
    settings.put("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.secured.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put("listener.name.mutual.ssl.client.auth", "required");
    settings.put("listener.name.mutual.ssl.truststore.type", "PEM");
    settings.put("listener.name.mutual.ssl.truststore.location", certificate.pem().toString());
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS;User:CN=localhost;User:" + ADMIN);
    return new SecuredBroker(certificate, EmbeddedBroker.start(settings), port, mutualPort);
  }

  /** Where everybody connects who has a password. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /**
   * Where somebody connects who has a certificate; the broker's own does, as an administrator's.
   */
  public String mutualTlsServers() {
    return "localhost:" + mutualPort;
  }

  /** What the environment of the program says about this broker, for a user of it. */
  public Map<String, String> environment(String user, String password) {
    return Map.of(
        "OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS",
        bootstrapServers(),
        "OFFBOARDER_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
        "SASL_SSL",
        "OFFBOARDER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_TYPE",
        "PEM",
        "OFFBOARDER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION",
        certificate.pem().toString(),
        "OFFBOARDER_KAFKA_PROPERTIES_SASL_MECHANISM",
        "SCRAM-SHA-512",
        "OFFBOARDER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(user, password));
  }

  /** An administrator's client, which may do everything. */
  public Admin admin() {
    return Admin.create(broker.clientProperties());
  }

  /** Lets somebody in with this password, and waits until the broker does. */
  public void addUser(String name, String password) {
    try (Admin admin = admin()) {
      ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion(name, info, password)))
          .all()
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Awaitility.await("the user " + name)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> letsIn(name, password));
  }

  private boolean letsIn(String name, String password)
      throws ExecutionException, InterruptedException {
    Map<String, Object> client = new HashMap<>();
    environment(name, password).forEach((key, value) -> client.put(property(key), value));
    try (Admin user = Admin.create(client)) {
      return !user.describeCluster().nodes().get().isEmpty();
    }
  }

  /** The client's name for a variable of the program's. */
  private static String property(String variable) {
    return variable
        .replaceFirst("OFFBOARDER_KAFKA_(PROPERTIES_)?", "")
        .replace('_', '.')
        .toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    broker.close();
  }
}
