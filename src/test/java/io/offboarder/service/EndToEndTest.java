package io.offboarder.service;

import io.offboarder.testing.EmbeddedBroker;
import org.junit.jupiter.api.DisplayName;

@DisplayName("End to end, on a broker in this JVM")
class EndToEndTest extends EndToEndContract {
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();

  @Override
  String bootstrapServers() {
    return BROKER.bootstrapServers();
  }
}
