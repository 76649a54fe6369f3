package io.offboarder.cli;

import picocli.CommandLine.Option;

/** Whether a command prints for people or for programs. */
final class FormOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, or json: an object on each line (default: ${DEFAULT-VALUE})")
  private Form form = Form.TEXT;

  /** For whom it is. */
  enum Form {
    TEXT,
    JSON
  }

  boolean isJson() {
    return form == Form.JSON;
  }
}
