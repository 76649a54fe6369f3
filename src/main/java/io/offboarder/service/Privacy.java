package io.offboarder.service;

import io.offboarder.privacy.Pseudonymizer;

/**
 * How people are named to those who may not learn who they are.
 *
 * @param logs to those who read the log
 * @param outcomes to those who read the outcome topic
 */
public record Privacy(Pseudonymizer logs, Pseudonymizer outcomes) {

  /** Everybody is named as they are. */
  public static final Privacy NONE = new Privacy(Pseudonymizer.NONE, Pseudonymizer.NONE);

  /** Whether anybody is kept from seeing names, and so from seeing pieces of bad input. */
  boolean isAsked() {
    return !logs.isNone() || !outcomes.isNone();
  }
}
