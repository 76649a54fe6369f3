package io.offboarder.config;

import java.util.List;

/**
 * A configuration that is right as a whole, or everything that is wrong with it.
 *
 * @param <T> the part of the configuration that was asked for
 */
public sealed interface ConfigResult<T> {
  /** A configuration to run with. */
  record Valid<T>(T config) implements ConfigResult<T> {}

  /** All faults, at least one. */
  record Invalid<T>(List<ConfigFault> faults) implements ConfigResult<T> {
    /** Copies the list. */
    public Invalid {
      faults = List.copyOf(faults);
    }
  }
}
