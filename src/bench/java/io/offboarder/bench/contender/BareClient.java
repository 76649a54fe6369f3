package io.offboarder.bench.contender;

import io.offboarder.bench.work.Leaver;
import io.offboarder.bench.work.Task;
import io.vertx.core.Vertx;

/**
 * The ceiling: the calls alone, by as many workers as there may be requests in flight, without
 * Kafka, events or outcomes.
 */
public final class BareClient {
  private final AsyncRevocation revocation;
  private final String prefix;
  private final int people;
  private int next;

  private BareClient(AsyncRevocation revocation, String prefix, int people) {
    this.revocation = revocation;
    this.prefix = prefix;
    this.people = people;
  }

  /** Revokes the authorizations of {@code task.people} people, and stays until it is killed. */
  public static void main(String[] args) {
    Task task = Task.ofThisProcess();
    Vertx vertx = Vertx.vertx();
    BareClient client =
        new BareClient(new AsyncRevocation(vertx, task), args[0], Integer.parseInt(args[1]));
    vertx.runOnContext(
        go -> {
          for (int i = 0; i < task.concurrency(); i++) {
            client.work();
          }
        });
  }

  private void work() {
    if (next < people) {
      int person = next++;
      revocation
          .revoke(new Leaver("e" + person, prefix + person))
          .onComplete(
              done -> {
                if (done.failed()) {
                  System.err.println(done.cause().getMessage());
                }
                work();
              });
    }
  }
}
