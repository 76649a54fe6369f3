package io.offboarder.ops;

import io.offboarder.port.ServerCertificate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom the management port answers.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param tls what it proves itself with; null for plain HTTP
 * @param token what a request has to carry to see more than a status; null for nothing
 */
public record ManagementSettings(
    String host, int port, @Nullable ServerCertificate tls, @Nullable BearerToken token) {

  /** Plain HTTP for everybody who reaches the address. */
  public static ManagementSettings plain(String host, int port) {
    return new ManagementSettings(host, port, null, null);
  }

  /** A secret that requests carry in their {@code Authorization} header. Never shows it. */
  public static final class BearerToken {
    private final byte[] header;

    /** This secret. */
    public BearerToken(String secret) {
      this.header = bytes("Bearer " + secret);
    }

    /** Whether a header carries it; takes as long whichever character is wrong. */
    boolean isIn(@Nullable String authorization) {
      return authorization != null && MessageDigest.isEqual(header, bytes(authorization));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
