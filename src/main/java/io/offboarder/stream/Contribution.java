package io.offboarder.stream;

import io.offboarder.stream.PartitionLedger.Proposal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What a transaction publishes of one partition, and what it commits for it. Does not change once
 * it is made.
 *
 * @param proposal the partition's ledger as it will be
 * @param lateWork late work that is done
 */
record Contribution(Proposal<InFlightRecord> proposal, List<InFlightLateWork> lateWork) {
  Contribution {
    lateWork = List.copyOf(lateWork);
  }

  /** All whose results are published, records first. */
  List<InFlightWork> work() {
    List<InFlightWork> work = new ArrayList<>(proposal.included().values());
    work.addAll(lateWork);
    return work;
  }

  /** The offset to commit. */
  OffsetAndMetadata offset() {
    return new OffsetAndMetadata(proposal.base(), proposal.metadata());
  }
}
