package io.offboarder.cli;

import io.offboarder.kafka.KafkaFailure;
import io.offboarder.stream.StreamFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the program's exit codes mean. Scripts rely on them: a number never changes its meaning. */
public enum ExitCode {
  /** It did what was asked; for {@code run}, it was stopped in good order. */
  OK(0, "done; for run: stopped in good order"),
  /** A check failed, or something did not work. */
  FAILED(1, "a check failed, or something did not work; a line on standard error says what"),
  /** Wrong options or settings. */
  USAGE(2, "wrong options or settings"),
  /** What {@code -XX:+ExitOnOutOfMemoryError} makes of it: the JVM's own number, not ours. */
  OUT_OF_MEMORY(3, "the JVM ran out of memory, and ended itself"),
  /** Two instances must not share a name. */
  NAME_IN_USE(4, "run: another instance of the group has this instance's name (instance-id)"),
  /** A topic is missing or does not take what has to be published. */
  TOPICS(5, "a topic is missing, or refuses what has to be published"),
  /** Somebody waited for more than has come. */
  UNFINISHED(6, "send --wait, revoke: not every event has had its outcome yet"),
  /** Kafka does not let this client in, or not to this topic or group. */
  NOT_AUTHORIZED(7, "Kafka refuses access"),
  /** A fault of this program. */
  INTERNAL(70, "a fault of this program");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number that the process ends with. */
  public int code() {
    return code;
  }

  /** How a command ends that Kafka did not serve. */
  static ExitCode of(KafkaFailure.Kind kind) {
    return switch (kind) {
      case AUTHENTICATION, NOT_AUTHORIZED -> NOT_AUTHORIZED;
      case CONFIGURATION -> USAGE;
      case TOPIC_MISSING, TOO_LARGE -> TOPICS;
      case UNREACHABLE, OTHER -> FAILED;
    };
  }

  /** How a service ends that had to stop. */
  static ExitCode of(StreamFailure.Reason reason) {
    return switch (reason) {
      case NAME_IN_USE -> NAME_IN_USE;
      case NOT_AUTHORIZED -> NOT_AUTHORIZED;
      case CONFIGURATION, FOREIGN_OFFSET_METADATA -> USAGE;
      case RESULT_TOO_LARGE -> TOPICS;
      case INTERNAL -> INTERNAL;
    };
  }

  /** All of them for a help page. */
  static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode exit : values()) {
      list.put("%3d".formatted(exit.code), exit.meaning);
    }
    return list;
  }
}
