package io.offboarder.cli;

/** How a command ends, for scripts and orchestrators. */
public enum ExitCode {
  /** It did what was asked. */
  OK(0, "done"),
  /** A check failed, or something did not work. */
  FAILED(1, "a check failed, or something did not work"),
  /** Wrong options or settings. */
  USAGE(2, "wrong options or settings"),
  /** Kafka does not let this client in, or not to this topic or group. */
  NOT_AUTHORIZED(3, "Kafka refused access"),
  /** Another instance of this name is running. */
  NAME_IN_USE(4, "another instance of the group has this instance's name"),
  /** A topic is missing or does not take what has to be published. */
  TOPICS(5, "a topic is missing, or refuses what has to be published"),
  /** A fault of this program. */
  INTERNAL(70, "a fault of this program");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number. */
  public int code() {
    return code;
  }

  /** The words behind the number. */
  public String meaning() {
    return meaning;
  }
}
