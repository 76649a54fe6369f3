package io.offboarder.commands;

import java.time.Instant;

/** A command, and when Kafka took it in. */
public record Said(PersonsCommand command, Instant at) {}
