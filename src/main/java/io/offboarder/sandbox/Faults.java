package io.offboarder.sandbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The faults in force, the first scripted first. Confined to the sandbox's event loop. */
final class Faults {
  private final RandomGenerator random;
  private final List<Scripted> scripted = new ArrayList<>();

  Faults(RandomGenerator random) {
    this.random = random;
  }

  private static final class Scripted {
    final Fault fault;
    int left;

    Scripted(Fault fault) {
      this.fault = fault;
      this.left = fault.times();
    }
  }

  void add(Fault fault) {
    scripted.add(new Scripted(fault));
  }

  void clear() {
    scripted.clear();
  }

  /** The effect on this request, or null. */
  Fault.@Nullable Effect next(Operation operation, String uri) {
    for (Iterator<Scripted> all = scripted.iterator(); all.hasNext(); ) {
      Scripted one = all.next();
      Fault fault = one.fault;
      boolean applies =
          (fault.operation() == null || fault.operation() == operation)
              && (fault.matching() == null || uri.contains(fault.matching()))
              && (fault.probability() >= 1 || random.nextDouble() < fault.probability());
      if (applies) {
        if (fault.times() != Fault.ALWAYS && --one.left == 0) {
          all.remove();
        }
        return fault.effect();
      }
    }
    return null;
  }
}
