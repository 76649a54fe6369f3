package io.offboarder.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A real Kafka broker as it stands in a company: TLS, and a password for everybody
 * (SASL/SCRAM-SHA-512). Its plaintext listener stays open for the test itself.
 */
public final class SecuredBroker implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final int port;

  private SecuredBroker(EmbeddedBroker broker, int port) {
    this.broker = broker;
    this.port = port;
  }

  /** Starts one that shows this certificate. */
  public static SecuredBroker start(Certificate certificate) {
    int port = BrokerFiles.freePort();
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", "SECURED://localhost:" + port);
    settings.put("listener.security.protocol.map", "SECURED:SASL_SSL");
    settings.put("listener.name.secured.ssl.keystore.type", "PKCS12");
    settings.put("listener.name.secured.ssl.keystore.location", certificate.keyStore().toString());
    settings.put("listener.name.secured.ssl.keystore.password", Certificate.PASSWORD);
    settings.put("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.secured.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    return new SecuredBroker(EmbeddedBroker.start(settings), port);
  }

  /** Where everybody connects who has to prove who they are. */
  public String securedServers() {
    return "localhost:" + port;
  }

  /** Lets somebody in with this password. */
  public void addUser(String name, String password) {
    try (Admin admin = Admin.create(broker.clientProperties())) {
      ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion(name, info, password)))
          .all()
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
