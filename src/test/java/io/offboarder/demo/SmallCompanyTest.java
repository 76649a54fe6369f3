package io.offboarder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
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
      SmallCompany people = SmallCompany.in(sandbox);

      people.publishTo(company);

      int published =
          company.topics().committed(company.terminated()).size()
              + company.topics().committed(company.decommissioned()).size();
      assertThat(published).isEqualTo(people.expectedStatuses().size());
    } finally {
      vertx.close().await();
    }
  }
}
