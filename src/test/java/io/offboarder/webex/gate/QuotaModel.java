package io.offboarder.webex.gate;

import java.util.ArrayDeque;
import java.util.Random;

/** Ways in which an API may limit requests per second. */
public interface QuotaModel {

  boolean accepts(double at);

  void setRate(double rate);

  static QuotaModel tokenBucket(double perSecond, double secondsHeld) {
    return new QuotaModel() {
      private double rate = perSecond;
      private double tokens = perSecond * secondsHeld;
      private double last;

      @Override
      public boolean accepts(double at) {
        tokens = Math.min(Math.max(1, rate * secondsHeld), tokens + (at - last) * rate);
        last = at;
        if (tokens < 1) {
          return false;
        }
        tokens--;
        return true;
      }

      @Override
      public void setRate(double changed) {
        rate = changed;
      }
    };
  }

  static QuotaModel fixedWindow(double perSecond, double offset) {
    return new QuotaModel() {
      private double rate = perSecond;
      private long window = -1;
      private int used;

      @Override
      public boolean accepts(double at) {
        long current = (long) (at + offset);
        if (current != window) {
          window = current;
          used = 0;
        }
        return ++used <= rate;
      }

      @Override
      public void setRate(double changed) {
        rate = changed;
      }
    };
  }

  /** An API that takes whatever comes. */
  static QuotaModel unlimited() {
    return new QuotaModel() {
      @Override
      public boolean accepts(double at) {
        return true;
      }

      @Override
      public void setRate(double changed) {}
    };
  }

  /** Refuses a share of what another would accept, for a while and for no reason. */
  static QuotaModel disturbed(
      QuotaModel calm, double from, double until, double share, Random random) {
    return new QuotaModel() {
      @Override
      public boolean accepts(double at) {
        boolean refused = at >= from && at < until && random.nextDouble() < share;
        return !refused && calm.accepts(at);
      }

      @Override
      public void setRate(double changed) {
        calm.setRate(changed);
      }
    };
  }

  static QuotaModel slidingWindow(double perSecond) {
    return new QuotaModel() {
      private final ArrayDeque<Double> accepted = new ArrayDeque<>();
      private double rate = perSecond;

      @Override
      public boolean accepts(double at) {
        while (!accepted.isEmpty() && accepted.peek() <= at - 1) {
          accepted.remove();
        }
        if (accepted.size() >= rate) {
          return false;
        }
        accepted.add(at);
        return true;
      }

      @Override
      public void setRate(double changed) {
        rate = changed;
      }
    };
  }
}
