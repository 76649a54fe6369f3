package io.offboarder.config;

/** A setting's value that nobody must see. Never shows it by accident. */
public final class SecretValue {
  private final String value;

  SecretValue(String value) {
    this.value = value;
  }

  /** The value itself, for the one who has to present it. */
  public String reveal() {
    return value;
  }

  /** Masked. */
  @Override
  public String toString() {
    return "***";
  }
}
