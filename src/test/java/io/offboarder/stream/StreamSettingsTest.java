package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The stream's settings")
class StreamSettingsTest {
  @ParameterizedTest(name = "{0}={1}")
  @DisplayName("take no Kafka property that would break exactly-once")
  @CsvSource({
    "enable.auto.commit,true,always false",
    "isolation.level,read_uncommitted,always read_committed",
    "enable.idempotence,false,always true",
    "acks,1,always all",
    "transaction.two.phase.commit.enable,true,always false",
    "transactional.id,mine,is made of the group",
    "group.id,mine,is the group that the stream is given",
    "group.instance.id,mine,is not used",
    "key.serializer,x,always bytes",
    "value.serializer,x,always bytes",
    "key.deserializer,x,always bytes",
    "value.deserializer,x,always bytes"
  })
  void reserved(String name, String value, String reason) {
    assertThatThrownBy(() -> settings(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(reason);
  }

  @Test
  @DisplayName("take a reserved Kafka property that says what happens in any case")
  void harmless() {
    Map<String, String> properties =
        Map.of("acks", "all", "enable.auto.commit", " false", "isolation.level", "read_committed");
    assertThat(settings(properties).clientProperties()).isEqualTo(properties);
  }

  @Test
  @DisplayName("reserve only properties that Kafka's clients have")
  void known() {
    assertThat(ReservedKafkaProperties.names())
        .allMatch(
            name ->
                ConsumerConfig.configNames().contains(name)
                    || ProducerConfig.configNames().contains(name));
  }

  private static StreamSettings settings(Map<String, String> properties) {
    return StreamSettings.of(properties, "group", "instance", List.of("topic"));
  }
}
