package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.KafkaConfig;
import io.offboarder.event.EventType;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.EventPublisher;
import io.offboarder.kafka.EventPublisher.Message;
import io.offboarder.kafka.EventPublisher.Published;
import io.offboarder.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishes events, says so, and waits for what becomes of them where that is asked for. */
final class EventSender {
  /** Published and reported together; bounds what waits in memory for Kafka. */
  private static final int CHUNK = 1_000;

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final StopSignal stop;
  private final KafkaConfig kafka;
  private final Report report;

  /** How much is said of what was published. */
  enum Report {
    /** A line for each event. */
    EACH,
    /** A line for all. */
    SUMMARY,
    /** An object on each line, for each event and each outcome. */
    JSON;

    /** JSON where that is asked for, else this. */
    Report or(FormOption form) {
      return form.isJson() ? JSON : this;
    }
  }

  EventSender(Terminal terminal, StopSignal stop, KafkaConfig kafka, Report report) {
    this.terminal = terminal;
    this.stop = stop;
    this.kafka = kafka;
    this.report = report;
  }

  /**
   * Publishes events.
   *
   * @param topic null for the topic of each one's kind
   */
  ExitCode send(List<OutgoingEvent> events, @Nullable String topic) {
    KafkaSettings settings = SettingsMapper.kafka(kafka);
    publish(settings, events, topic);
    return ExitCode.OK;
  }

  /**
   * The same, and waits for their outcomes.
   *
   * @param timeout null for as long as it takes
   */
  ExitCode sendAndWait(
      List<OutgoingEvent> events, @Nullable String topic, @Nullable Duration timeout) {
    return sendAndWait(events, topic, timeout, OutcomeWait.GOOD);
  }

  /**
   * The same.
   *
   * @param good the statuses that are what was asked for; any other is exit code 1
   */
  ExitCode sendAndWait(
      List<OutgoingEvent> events,
      @Nullable String topic,
      @Nullable Duration timeout,
      Set<String> good) {
    KafkaSettings settings = SettingsMapper.kafka(kafka);
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(settings, kafka.outcomeTopic(), new Start.Latest())) {
      var stopped = stop.listen(STOP_WITHIN).thenRun(reader::stop);
      ExitCode exit =
          new OutcomeWait(terminal, reader, report == Report.JSON)
              .await(publish(settings, events, topic), timeout, good);
      stopped.cancel(false);
      return exit;
    }
  }

  private List<Published> publish(
      KafkaSettings settings, List<OutgoingEvent> events, @Nullable String topic) {
    List<Message> messages = new ArrayList<>();
    for (OutgoingEvent event : events) {
      messages.add(event.to(topic != null ? topic : topicFor(event)));
    }
    LinkedHashSet<String> topics =
        messages.stream().map(Message::topic).collect(Collectors.toCollection(LinkedHashSet::new));
    List<Published> all = new ArrayList<>();
    try (EventPublisher publisher = EventPublisher.open(settings, topics)) {
      for (int from = 0; from < messages.size(); from += CHUNK) {
        int to = Math.min(messages.size(), from + CHUNK);
        List<Published> published = publisher.publish(messages.subList(from, to));
        if (report != Report.SUMMARY) {
          reportEach(events.subList(from, to), published);
        }
        all.addAll(published);
      }
    }
    if (report == Report.SUMMARY) {
      reportAll(all);
    }
    return all;
  }

  /** The input topic that is named after the event's kind; the first where none is. */
  private String topicFor(OutgoingEvent event) {
    EventType named = EventType.of(event.type()).orElseThrow();
    // A rescind goes where what it takes back goes, so that one key keeps their order.
    EventType kind = named.rescinds().orElse(named);
    return kafka.inputTopics().stream()
        .filter(topic -> topic.endsWith(kind.word()))
        .findFirst()
        .orElse(kafka.inputTopics().get(0));
  }

  private void reportEach(List<OutgoingEvent> events, List<Published> published) {
    for (int i = 0; i < published.size(); i++) {
      Published at = published.get(i);
      if (report == Report.JSON) {
        terminal
            .out()
            .println(
                new JsonMapper()
                    .createObjectNode()
                    .put("published", events.get(i).id())
                    .put("topic", at.topic())
                    .put("partition", at.partition())
                    .put("offset", at.offset()));
        continue;
      }
      terminal
          .out()
          .println(
              "published "
                  + TerminalText.printable(events.get(i).id())
                  + " to "
                  + at.topic()
                  + ", partition "
                  + at.partition()
                  + ", offset "
                  + at.offset());
    }
  }

  private void reportAll(List<Published> published) {
    Map<String, Long> topics =
        published.stream()
            .collect(Collectors.groupingBy(Published::topic, TreeMap::new, Collectors.counting()));
    terminal
        .out()
        .println(
            "published "
                + topics.entrySet().stream()
                    .map(one -> Figures.counted(one.getValue(), "event") + " to " + one.getKey())
                    .collect(Collectors.joining(", ")));
  }
}
