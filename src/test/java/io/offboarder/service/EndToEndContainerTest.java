package io.offboarder.service;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;

@DisplayName(
    "End to end, on apache/kafka in a container (skipped where neither engine nor image is)")
@EnabledIf(value = "dockerAnswers", disabledReason = "no Docker engine answers")
class EndToEndContainerTest extends EndToEndContract {
  private static KafkaContainer broker;

  /** Testcontainers wants an image of its own before it says that there is an engine. */
  static boolean dockerAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (ContainerFetchException e) {
      return false;
    }
  }

  @BeforeAll
  static void startBroker() {
    broker =
        new KafkaContainer("apache/kafka:4.4.0").withEnv("KAFKA_MESSAGE_MAX_BYTES", "16777216");
    try {
      broker.start();
    } catch (ContainerFetchException e) {
      Assumptions.abort("the image cannot be had here: " + e.getMessage());
    }
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.stop();
    }
  }

  @Override
  String bootstrapServers() {
    return broker.getBootstrapServers();
  }
}
