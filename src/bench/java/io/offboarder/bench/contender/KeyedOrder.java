package io.offboarder.bench.contender;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Runs what has the same key one after another. Confined to one thread. */
final class KeyedOrder<T> {
  private final Map<String, Future<T>> last = new HashMap<>();

  Future<T> run(String key, Supplier<Future<T>> work) {
    Future<T> before = last.get(key);
    Future<T> mine = before == null ? work.get() : before.transform(done -> work.get());
    last.put(key, mine);
    mine.onComplete(done -> last.remove(key, mine));
    return mine;
  }
}
