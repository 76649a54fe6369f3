package io.offboarder.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who has left, by id or by address. */
final class PersonOption {
  @Option(names = "--person-id", paramLabel = "ID", description = "The person's Webex id")
  private @Nullable String id;

  @Option(
      names = "--person-email",
      paramLabel = "ADDRESS",
      description = "The person's e-mail address; enough where the id is not known")
  private @Nullable String email;

  /** Whether either is given, were it blank. */
  boolean isGiven() {
    return id != null || email != null;
  }

  /** The person; nobody where neither is given. */
  NamedPerson person() {
    return new NamedPerson(id, email);
  }
}
