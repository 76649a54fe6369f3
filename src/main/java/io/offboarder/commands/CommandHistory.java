package io.offboarder.commands;

import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that people have said until now, in its order. */
public record CommandHistory(List<Said> said) {
  private static final Duration POLL = Duration.ofMillis(500);

  /** Copies the list. */
  public CommandHistory {
    said = List.copyOf(said);
  }

  /**
   * Reads the whole topic; what is no command is left out.
   *
   * @throws io.offboarder.kafka.KafkaFailure if Kafka does not answer or has no such topic
   */
  public static CommandHistory read(KafkaSettings settings, String topic) {
    CommandFormat format = new CommandFormat();
    List<Entry> entries = new ArrayList<>();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(settings, topic, new Start.Beginning())) {
      do {
        entries.addAll(reader.poll(POLL));
      } while (!reader.isPastTheEnd());
    }
    return new CommandHistory(
        entries.stream()
            .sorted(Comparator.comparingLong(Entry::offset))
            .flatMap(
                entry ->
                    format.read(entry.value()).stream()
                        .map(command -> new Said(command, entry.timestamp())))
            .toList());
  }

  /** The last word that tripped the guard for this kind of what it counts; null for none. */
  public @Nullable PersonsCommand lastTrip(String kind) {
    PersonsCommand last = null;
    for (Said one : said) {
      PersonsCommand command = one.command();
      if (command.verb() == Verb.TRIP_GUARD
          && (command.kind() == null || command.kind().equals(kind))) {
        last = command;
      }
    }
    return last;
  }

  /** Whether the group is paused; null where it is not. */
  public @Nullable Pause pause() {
    Pause pause = null;
    for (Said one : said) {
      pause = Pause.after(pause, one);
    }
    return pause;
  }
}
