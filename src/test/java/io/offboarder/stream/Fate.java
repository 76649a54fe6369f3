package io.offboarder.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Time, chance and the trace of one simulated schedule. Time stands still unless somebody waits;
 * all chance comes from one seed, so that a schedule repeats exactly.
 */
final class Fate {
  private final SplittableRandom random;
  private final boolean tracing;
  private final List<String> trace = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long micros;
  private long numbers;
  private boolean calm;
  private long outageUntil;

  private record Event(long at, long number, Runnable action) {}

  Fate(long seed, boolean tracing) {
    this.random = new SplittableRandom(seed);
    this.tracing = tracing;
  }

  /** Microseconds since the schedule began. */
  long micros() {
    return micros;
  }

  Duration now() {
    return Duration.ofNanos(micros * 1000);
  }

  /** Has something happen later, while somebody waits. */
  void after(long delayMicros, Runnable action) {
    events.add(new Event(micros + delayMicros, numbers++, action));
  }

  /** Lets time pass. */
  void advance(long byMicros) {
    long until = micros + byMicros;
    for (Event next = events.peek(); next != null && next.at() <= until; next = events.peek()) {
      events.remove();
      micros = Math.max(micros, next.at());
      next.action().run();
    }
    micros = Math.max(micros, until);
  }

  /** Lets time pass while nothing happens; now and then until something does. */
  void idle(Duration atMost) {
    idle(atMost, () -> false);
  }

  /** The same, but only until the waiting is ended. */
  void idle(Duration atMost, BooleanSupplier ended) {
    long wait = atMost.toNanos() / 1000;
    Event next = events.peek();
    if (next != null && oneIn(2)) {
      wait = Math.max(wait, Math.min(next.at() - micros, 2_000_000));
    }
    long until = micros + wait;
    while (!ended.getAsBoolean() && micros < until) {
      advanceToNext(until - micros);
    }
  }

  /** Lets time pass until the next thing happens, or this long. */
  void advanceToNext(long atMostMicros) {
    Event next = events.peek();
    advance(next == null ? atMostMicros : Math.max(0, Math.min(atMostMicros, next.at() - micros)));
  }

  /** No more faults from here on. */
  void calmDown() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  /** Whether a fault of this probability strikes. */
  boolean strikes(double probability) {
    return !calm && probability > 0 && random.nextDouble() < probability;
  }

  /** Whether something of this probability happens that is no fault. */
  boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** Whether a request gets no answer: by a fault of this probability, or in an outage. */
  boolean isCutOff(double probability) {
    return strikes(probability) || (!calm && micros < outageUntil);
  }

  /** From now on, nobody gets an answer. */
  void outage(long forMicros) {
    outageUntil = micros + forMicros;
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** From 0 to {@code bound} - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** From {@code from} to {@code to}, both included. */
  int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  boolean isTracing() {
    return tracing;
  }

  /** Notes what happens. Costs nothing where nobody asks for the trace. */
  void note(String who, String what, Object... more) {
    if (tracing) {
      StringBuilder line =
          new StringBuilder(
              String.format(Locale.ROOT, "%11.3f ms  %-4s %s", micros / 1e3, who, what));
      for (Object part : more) {
        line.append(' ').append(part);
      }
      trace.add(line.toString());
    }
  }

  List<String> trace() {
    return trace;
  }
}
