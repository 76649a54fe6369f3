package io.offboarder.service;

import io.offboarder.cases.CaseReader;
import io.offboarder.cases.CaseRecord;
import io.offboarder.cases.CaseTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The records of cases whose turn it is. The table keeps the small ones; a large one is read from
 * the topic, and few of these are in memory at a time, so that waiting costs the same for events of
 * any size. Confined to the event loop.
 */
final class CaseRecords {
  /** Events have some kilobytes; thousands of them may wait. */
  static final int LARGEST_KEPT = 8 * 1024;

  private static final int MOST_FETCHED = 8;

  private final CaseTable table;
  private final CaseReader reader;
  private final LongFunction<Future<byte[]>> fetch;
  private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
  private int fetched;

  /**
   * Records of this table's cases.
   *
   * @param fetch reads the record at an offset of the cases' topic, and completes on the event loop
   */
  CaseRecords(CaseTable table, CaseReader reader, LongFunction<Future<byte[]>> fetch) {
    this.table = table;
    this.reader = reader;
    this.fetch = fetch;
  }

  /** Does something with the record of a case that waits; fails where it cannot be read now. */
  <T> Future<T> with(String caseId, Function<CaseRecord, Future<T>> work) {
    return table
        .json(caseId)
        .map(kept -> work.apply(read(kept)))
        .orElseGet(
            () ->
                turn()
                    .compose(mine -> fetch.apply(table.version(caseId)))
                    .compose(json -> work.apply(read(json)))
                    .onComplete(done -> next()));
  }

  private CaseRecord read(byte[] json) {
    return reader.read(json).orElseThrow();
  }

  private Future<Void> turn() {
    Promise<Void> mine = Promise.promise();
    waiting.add(mine);
    begin();
    return mine.future();
  }

  private void next() {
    fetched--;
    begin();
  }

  private void begin() {
    while (fetched < MOST_FETCHED && !waiting.isEmpty()) {
      fetched++;
      waiting.remove().complete();
    }
  }
}
