package io.offboarder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cli.Terminal;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The demo's small company")
class SmallCompanyTest {
  @Test
  @DisplayName("publishes as many events as it expects outcomes, valid ones by the schemas")
  void events() {
    Vertx vertx = Vertx.vertx();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      WebexSandbox sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
      Company company = Company.on(broker.bootstrapServers(), "acme");
      Auditor auditor =
          new Auditor(
              company,
              new Patience(new PrintStream(OutputStream.nullOutputStream()), Duration.ofDays(1)),
              Terminal.ofProcess(Map.of()));
      SmallCompany people = SmallCompany.in(sandbox, new Staff(sandbox));

      people.tell(auditor);
      people.publishTo(company);

      int published =
          company.topics().committed(company.terminated()).size()
              + company.topics().committed(company.decommissioned()).size();
      assertThat(published).isEqualTo(auditor.expected());
      assertThat(people.story()).contains(published + " events");
    } finally {
      vertx.close().await();
    }
  }
}
