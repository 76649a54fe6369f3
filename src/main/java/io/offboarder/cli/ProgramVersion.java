package io.offboarder.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest names. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return new String[] {"offboarder " + (version == null ? "(not built as a jar)" : version)};
  }
}
