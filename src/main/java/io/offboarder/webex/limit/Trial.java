package io.offboarder.webex.limit;

/**
 * Requests go evenly for a few seconds, at more than a burst bore. If no 429 comes, the API is a
 * small bucket that wants them so; if one comes, it counts by the second.
 */
final class Trial implements RateMode {

  private final Pace pace;
  private final double burstBore;
  private double until;

  Trial(Pace pace, double burstBore) {
    this.pace = pace;
    this.burstBore = burstBore;
  }

  @Override
  public double due() {
    return pace.evenlyAt();
  }

  @Override
  public RateMode at(double now) {
    // Where it stood, this is no window.
    return now >= until ? Ramp.afterTrial(pace, now, burstBore) : this;
  }

  @Override
  public Lesson throttled() {
    AcceptedRequests evidence = pace.evidence();
    double flowed = evidence.active() > Pace.STOOD ? evidence.flowed(burstBore) : burstBore;
    pace.believe(Math.min(burstBore, flowed));
    return new Lesson(new Burst(pace), false);
  }

  @Override
  public void resume(double at, boolean askSoon) {
    until = at + Pace.STOOD;
  }
}
