package io.offboarder.service;

import io.offboarder.registry.SchemaRegistry;
import io.offboarder.stream.RecordWork;
import io.offboarder.stream.ResultWriter;
import io.offboarder.stream.WorkContext;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The work of a record that nobody can read before its schema is there. Those that wait for one
 * schema stay in their order.
 */
final class AwaitedWork implements RecordWork {
  private final SchemaRegistry registry;
  private final int schema;
  private final Supplier<RecordWork> prepare;

  /**
   * Work.
   *
   * @param prepare reads the record, once the schema is there
   */
  AwaitedWork(SchemaRegistry registry, int schema, Supplier<RecordWork> prepare) {
    this.registry = registry;
    this.schema = schema;
    this.prepare = prepare;
  }

  @Override
  public String subject() {
    return "the schema " + schema;
  }

  @Override
  public Future<ResultWriter> start(WorkContext context) {
    return registry.await(schema, context::isWanted).compose(known -> prepare.get().start(context));
  }
}
