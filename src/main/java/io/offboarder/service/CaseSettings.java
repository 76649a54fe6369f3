package io.offboarder.service;

import io.offboarder.kafka.KafkaSettings;

/**
 * Where what waits is kept.
 *
 * @param kafka how that is read; it is written as outcomes are
 * @param topic compacted, of one partition
 */
public record CaseSettings(KafkaSettings kafka, String topic) {}
