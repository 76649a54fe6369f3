package io.offboarder.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of events that can be sent. */
enum EventKind {
  USER_TERMINATED("user-terminated"),
  APP_DECOMMISSIONED("app-decommissioned");

  /** The type is recognised by its last part, a version after it aside. */
  private static final Pattern TYPE =
      Pattern.compile("(?:.*\\.)?([a-z-]+?)(?:\\.v\\d+(?:\\.\\d+)*)?");

  private final String type;

  EventKind(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }

  static Optional<EventKind> ofType(String type) {
    Matcher matcher = TYPE.matcher(type);
    return List.of(values()).stream()
        .filter(kind -> matcher.matches() && kind.type.equals(matcher.group(1)))
        .findFirst();
  }

  /** The input topic that is named after this kind; the first where none is. */
  String topicAmong(List<String> inputTopics) {
    return inputTopics.stream()
        .filter(topic -> topic.endsWith(type))
        .findFirst()
        .orElse(inputTopics.get(0));
  }
}
