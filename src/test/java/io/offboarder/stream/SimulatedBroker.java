package io.offboarder.stream;

/**
 * All that outlives an instance.
 *
 * @param metadataChars the longest commit metadata that it takes
 * @param sessionMicros after which a silent member is taken for gone
 */
record SimulatedBroker(
    Fate fate,
    Faults faults,
    SimulatedTopic topic,
    SimulatedCases cases,
    SimulatedJournal journal,
    SimulatedGroup group,
    SimulatedTransactions transactions,
    int metadataChars,
    long sessionMicros) {}
