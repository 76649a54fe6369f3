package io.offboarder.stream;

/**
 * How often what goes wrong in one schedule. Every schedule draws its own: one in which some things
 * never fail and others always do finds more than one in which everything fails now and then.
 */
record Faults(
    double crash,
    double interleave,
    double poll,
    double discard,
    double authorization,
    double committed,
    double initialise,
    double send,
    double offsets,
    double commit,
    double abort,
    double close,
    double work,
    double slow) {

  static Faults of(Fate fate) {
    return new Faults(
        fate.oneOf(0.0, 0.0, 0.001, 0.01),
        fate.oneOf(0.0, 0.02, 0.2),
        some(fate),
        some(fate) / 3,
        fate.oneOf(0.0, 0.0, 0.0, 0.002),
        some(fate),
        some(fate),
        some(fate) / 2,
        some(fate),
        some(fate) * 2,
        some(fate) * 2,
        some(fate) * 2,
        some(fate) / 2,
        fate.oneOf(0.0, 0.02, 0.2));
  }

  private static double some(Fate fate) {
    return fate.oneOf(0.0, 0.0, 0.01, 0.05, 0.25);
  }
}
