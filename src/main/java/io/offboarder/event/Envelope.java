package io.offboarder.event;

/** An event taken out of whatever form it came in. */
record Envelope(EventAttributes attributes, JsonFields data) {}
