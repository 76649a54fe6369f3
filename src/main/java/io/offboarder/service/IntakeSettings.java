package io.offboarder.service;

import io.offboarder.intake.IntakeRules;
import io.offboarder.registry.RegistrySettings;
import org.jspecify.annotations.Nullable;

/**
 * How records in other systems' forms are read.
 *
 * @param rules by which they become events
 * @param registry where the schemas are that they were written by; null for none
 */
public record IntakeSettings(IntakeRules rules, @Nullable RegistrySettings registry) {
  /** All records are events in Offboarder's own form, in JSON. */
  public static final IntakeSettings NONE = new IntakeSettings(IntakeRules.NONE, null);
}
