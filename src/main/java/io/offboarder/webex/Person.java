package io.offboarder.webex;

/** Whose authorizations to list: the API takes a person's id or e-mail address, never both. */
public sealed interface Person {
  /** A person by the API's opaque id. */
  record ById(String personId) implements Person {}

  /** A person by e-mail address. */
  record ByEmail(String personEmail) implements Person {}
}
