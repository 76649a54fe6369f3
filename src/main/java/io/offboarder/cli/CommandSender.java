package io.offboarder.cli;

import io.offboarder.commands.CommandFormat;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.EventPublisher;
import io.offboarder.kafka.EventPublisher.Message;
import java.util.List;
import java.util.Map;

/** Writes what a person says where every instance hears it. */
final class CommandSender {
  private CommandSender() {}

  /** Writes commands, and waits until Kafka has them all. */
  static void send(KafkaConfig kafka, List<PersonsCommand> commands) {
    CommandFormat format = new CommandFormat();
    String topic = kafka.commandTopic();
    try (EventPublisher publisher =
        EventPublisher.open(SettingsMapper.kafka(kafka), List.of(topic))) {
      publisher.publish(
          commands.stream()
              .map(command -> new Message(topic, command.id(), Map.of(), format.write(command)))
              .toList());
    }
  }
}
