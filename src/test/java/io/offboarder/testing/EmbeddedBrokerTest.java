package io.offboarder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerTest {
  @Test
  void starts() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        Admin admin = Admin.create(broker.clientProperties())) {
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }
}
