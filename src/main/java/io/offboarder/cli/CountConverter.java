package io.offboarder.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number, 1 or more. */
final class CountConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    try {
      int count = Integer.parseInt(value.strip());
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number below 1 is.
    }
    throw new TypeConversionException("'" + value + "' is no whole number, 1 or more");
  }
}
