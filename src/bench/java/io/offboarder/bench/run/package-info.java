/** One run of one contender in one scenario: its processes, its events, its figures. */
package io.offboarder.bench.run;
