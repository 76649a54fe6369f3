package io.offboarder.revocation;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * Where an attempt at a case writes down what it is about to delete, and what earlier attempts did.
 *
 * @param look 0 for the event itself, else which look after its end; notes of others do not count
 * @param earlier notes of earlier attempts, the oldest first
 * @param released whether a person has let the case through, after it was held
 * @param append makes a note durable before its future succeeds, on the same event loop, with
 *     whether what the note speaks of may be done; where that fails, it may not
 */
public record CaseNotes(
    int look, List<byte[]> earlier, boolean released, Function<byte[], Future<Boolean>> append) {
  /** Nothing is noted. */
  public static final CaseNotes NONE =
      new CaseNotes(0, List.of(), false, note -> Future.succeededFuture(true));

  /** Copies the list. */
  public CaseNotes {
    earlier = List.copyOf(earlier);
  }
}
