package io.offboarder.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param setting the setting's key, such as {@code offboarder.http.port}, the variable's name, or
 *     {@link #FILE}
 * @param line one line that names the setting, what it holds (secrets masked) and what is allowed
 */
public record ConfigFault(String setting, String line) {
  /** Stands for a setting where a file as a whole is at fault. */
  public static final String FILE = "(file)";

  @Override
  public String toString() {
    return line;
  }
}
