package io.offboarder.stream;

import io.vertx.core.Future;
import java.util.List;

/** Accompanies work where there is no journal: nothing is noted. */
record UnjournaledContext(Partition partition, Future<Void> released) implements WorkContext {

  @Override
  public boolean isWanted() {
    return partition.isOwned();
  }

  @Override
  public List<byte[]> earlierNotes() {
    return List.of();
  }

  @Override
  public Future<Noted> note(byte[] note) {
    return Future.succeededFuture(new Noted(-1, null, true));
  }
}
