package io.offboarder.bench.run;

import java.time.Duration;

/**
 * What is the same for all contenders of a benchmark.
 *
 * @param concurrency requests in flight
 * @param throughputCommits how often a contender with a timer commits where throughput counts;
 *     Parallel Consumer's own default
 * @param latencyCommits how often it does so where time counts
 * @param recording whether Java's Flight Recorder runs along, at a cost that the figures show
 */
public record Bounds(
    int concurrency, Duration throughputCommits, Duration latencyCommits, boolean recording) {}
