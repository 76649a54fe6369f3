package io.offboarder.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the program's exit codes mean. Scripts rely on them: a number never changes its meaning. */
public enum ExitCode {
  /** It did what was asked; for {@code run}, it was stopped in good order. */
  OK(0, "done; for run: stopped in good order"),
  /** It could not do what was asked. */
  FAILED(1, "could not do what was asked; the line on standard error says why"),
  /** It was asked wrongly. */
  USAGE(2, "wrong options or settings, or a topic that does not exist"),
  /** Waiting does not help. */
  KAFKA_REFUSED(3, "run: Kafka refuses us for good (authentication, authorization, a setting)"),
  /** Two instances must not share a name. */
  NAME_IN_USE(4, "run: another running instance has this instance's name (instance-id)"),
  /** Going on would break exactly-once. */
  CANNOT_GO_ON(
      5, "run: foreign offset metadata, or an outcome that the topic refuses even in short");

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

  /** All of them for a help page. */
  static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode exit : values()) {
      list.put(" " + exit.code, exit.meaning);
    }
    return list;
  }
}
