package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;

/** An event taken out of whatever form it came in. */
record Envelope(EventAttributes attributes, JsonFields data) {

  Envelope(EventAttributes attributes, JsonNode object, String prefix) {
    this(attributes, new JsonFields(object, prefix));
  }
}
