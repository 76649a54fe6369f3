package io.offboarder.cases;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a record of the cases' topic changes. */
public sealed interface CaseChange {

  /** Makes the change; the cases about which something may be to be done now. */
  Set<String> applyTo(CaseTable table);

  /**
   * A case waits.
   *
   * @param json the record's value
   * @param offset the record's
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are Kafka's; a copy of each would cost.
  record Put(WaitingCase waiting, byte[] json, long offset) implements CaseChange {
    @Override
    public Set<String> applyTo(CaseTable table) {
      return table.put(waiting, json, offset);
    }
  }

  /** A case waits no more. */
  record End(String caseId, @Nullable CaseEnd end) implements CaseChange {
    @Override
    public Set<String> applyTo(CaseTable table) {
      return table.end(caseId, end);
    }
  }
}
