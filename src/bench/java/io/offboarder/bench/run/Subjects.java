package io.offboarder.bench.run;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Whom the events of a run are about. */
public enum Subjects {
  /** Everybody leaves once. */
  DISTINCT {
    @Override
    int people(int events) {
      return events;
    }

    @Override
    int[] of(int events) {
      int[] people = new int[events];
      Arrays.setAll(people, i -> i);
      return people;
    }
  },
  /** 10,000 people, the n-th of them as often as 1/n says: the first has a tenth of all events. */
  HOT {
    @Override
    int people(int events) {
      return HOT_PEOPLE;
    }

    @Override
    int[] of(int events) {
      double[] cumulative = new double[HOT_PEOPLE];
      double sum = 0;
      for (int i = 0; i < HOT_PEOPLE; i++) {
        sum += 1.0 / (i + 1);
        cumulative[i] = sum;
      }
      double total = sum;
      SplittableRandom random = new SplittableRandom(1);
      int[] people = new int[events];
      Arrays.setAll(
          people,
          i -> {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * total);
            return found < 0 ? -found - 1 : found;
          });
      return people;
    }
  };

  private static final int HOT_PEOPLE = 10_000;

  abstract int people(int events);

  /** The person of each event, by number; the same each time. */
  abstract int[] of(int events);
}
