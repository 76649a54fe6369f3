package io.offboarder.service;

import io.offboarder.stream.RecordWork;
import io.offboarder.stream.Result;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The work of a record that carries any number of events: some of them at a time, those of one
 * subject one after another, and one result of all.
 */
final class BatchWork implements RecordWork {
  private static final int AT_A_TIME = 32;

  /** What an event holds until all of its record are published, with its outcome. */
  private static final int EVENT_BYTES = 4 << 10;

  private final List<RecordWork> events;
  private final Function<List<Result>, Result> join;

  /**
   * Work.
   *
   * @param events in the order of the record
   * @param join makes one result of all, in that order
   */
  BatchWork(List<RecordWork> events, Function<List<Result>, Result> join) {
    this.events = List.copyOf(events);
    this.join = join;
  }

  /** What all of it is about; null where that is more than one. */
  @Override
  public @Nullable String subject() {
    Set<@Nullable String> subjects = new HashSet<>();
    events.forEach(event -> subjects.add(event.subject()));
    return subjects.size() == 1 ? subjects.iterator().next() : null;
  }

  /** A record of some kilobytes may carry a thousand events. */
  @Override
  public long heldBytes() {
    return (long) EVENT_BYTES * events.size();
  }

  @Override
  public Future<ResultWriter> start(WorkContext context) {
    return new Attempt(context).run();
  }

  /** One attempt at all of the work. Confined to the executor. */
  private final class Attempt {
    private final WorkContext context;
    private final @Nullable ResultWriter[] results = new ResultWriter[events.size()];
    private final Iterator<List<Integer>> chains = chains().iterator();

    Attempt(WorkContext context) {
      this.context = context;
    }

    /** By their subjects; what has none stands for itself. */
    private Collection<List<Integer>> chains() {
      Map<Object, List<Integer>> bySubject = new LinkedHashMap<>();
      for (int i = 0; i < events.size(); i++) {
        String subject = events.get(i).subject();
        bySubject.computeIfAbsent(subject == null ? i : subject, key -> new ArrayList<>()).add(i);
      }
      return bySubject.values();
    }

    /** Waits for what is under way, also where something has failed: nothing may run on. */
    Future<ResultWriter> run() {
      List<Future<Void>> lanes = IntStream.range(0, AT_A_TIME).mapToObj(i -> lane()).toList();
      return Future.join(lanes).map(all -> this::write);
    }

    private Future<Void> lane() {
      while (chains.hasNext()) {
        Future<Void> chain = chain(chains.next(), 0);
        if (!chain.succeeded()) {
          return chain.compose(v -> lane());
        }
      }
      return Future.succeededFuture();
    }

    private Future<Void> chain(List<Integer> indexes, int from) {
      for (int i = from; i < indexes.size(); i++) {
        int index = indexes.get(i);
        int next = i + 1;
        Future<Void> done = events.get(index).start(context).map(result -> keep(index, result));
        if (!done.succeeded()) {
          return done.compose(v -> chain(indexes, next));
        }
      }
      return Future.succeededFuture();
    }

    private @Nullable Void keep(int index, ResultWriter result) {
      results[index] = result;
      return null;
    }

    private Result write() {
      return join.apply(
          Arrays.stream(results).map(result -> Objects.requireNonNull(result).write()).toList());
    }
  }
}
