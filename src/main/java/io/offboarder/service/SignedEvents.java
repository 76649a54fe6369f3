package io.offboarder.service;

import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.signature.SignatureCheck;
import io.offboarder.signature.SignatureFault;
import io.vertx.core.Future;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Has signatures checked where a topic asks for them. Confined to the event loop. */
final class SignedEvents {
  private final SignatureCheck check;
  private final ServiceListener listener;

  SignedEvents(SignatureCheck check, ServiceListener listener) {
    this.check = check;
    this.listener = listener;
  }

  boolean areRequired(ConsumerRecord<byte[], byte[]> record) {
    return check.isRequired(record.topic());
  }

  /**
   * What is wrong with an event's signature; empty if it is right. Fails if that cannot be known
   * now. Called on the service's event loop, and completes there.
   */
  Future<Optional<DecodeError>> fault(
      ConsumerRecord<byte[], byte[]> record, OffboardingEvent event) {
    return check.verify(record, event.attributes().source()).map(fault -> fault.map(this::refused));
  }

  private DecodeError refused(SignatureFault fault) {
    listener.signatureRefused(fault.kind());
    Code code =
        switch (fault.kind()) {
          case UNSIGNED -> Code.UNSIGNED;
          case INVALID_SIGNATURE -> Code.INVALID_SIGNATURE;
        };
    return DecodeError.of(code, fault.field(), fault.was(), fault.expected());
  }
}
