package io.offboarder.stream;

import java.util.concurrent.Executor;

/**
 * Where a loop has things done that are not done on its own thread. Each runs one thing at a time.
 *
 * @param work where work runs; it does not block
 * @param publisher where transactions are made; it may block
 * @param journal where entries are appended to the journal; it may block
 */
record LoopThreads(Executor work, Executor publisher, Executor journal) {}
