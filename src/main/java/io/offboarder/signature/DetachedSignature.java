package io.offboarder.signature;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import io.offboarder.signature.SenderKeys.IfJustRead;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A detached JWS (RFC 7515, appendix F) in a record header: a compact serialization with an empty
 * payload, made over the record's value, byte for byte.
 */
final class DetachedSignature {
  private static final int MAX_BYTES = 16 << 10;

  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?i)ce[_-](specversion|id|source|type|time)");

  private static final String EXPECTED = "one detached JWS over the record's value";

  private DetachedSignature() {}

  static Future<Optional<SignatureFault>> verify(
      SenderKeys keys, Headers headers, byte[] value, @Nullable String source) {
    for (Header header : headers) {
      if (ATTRIBUTE.matcher(header.key()).matches()) {
        return invalid(
            header.key(),
            "was there, which no signature covers",
            "an event in structured mode, whose attributes are in the signed value");
      }
    }
    List<Header> signatures = new ArrayList<>();
    headers.headers(SignatureCheck.HEADER).forEach(signatures::add);
    if (signatures.isEmpty() || signatures.get(0).value() == null) {
      return Future.succeededFuture(
          Optional.of(SignatureFault.unsigned(SignatureCheck.HEADER, "was missing", EXPECTED)));
    }
    byte[] signature = signatures.get(0).value();
    if (signatures.size() > 1 || signature.length > MAX_BYTES) {
      return invalid(
          SignatureCheck.HEADER,
          signatures.size() > 1 ? "was there twice" : "was longer than " + MAX_BYTES + " bytes",
          EXPECTED);
    }
    String text = new String(signature, StandardCharsets.US_ASCII).strip();
    if (!text.contains("..")) {
      return invalid(SignatureCheck.HEADER, "was not a JWS without its payload", EXPECTED);
    }
    JWSObject signed;
    try {
      signed = JWSObject.parse(text, new Payload(value));
    } catch (ParseException | IllegalArgumentException e) {
      return invalid(SignatureCheck.HEADER, "was not a JWS", EXPECTED);
    }
    return keys.verify(signed, SignatureCheck.HEADER, source, IfJustRead.WAIT);
  }

  private static Future<Optional<SignatureFault>> invalid(
      String field, String was, String expected) {
    return Future.succeededFuture(Optional.of(SignatureFault.invalid(field, was, expected)));
  }
}
