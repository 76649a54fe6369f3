package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key and a certificate that it signed itself, made by the JDK's keytool: whoever trusts the
 * certificate trusts the server that shows it, and nobody else does.
 *
 * @param keyStore PKCS #12, with the key
 * @param pem the certificate alone
 * @param keyPem the key and the certificate
 */
public record Certificate(Path keyStore, Path pem, Path keyPem) {
  /** The key store's password. */
  public static final String PASSWORD = "not-secret";

  /**
   * Makes one.
   *
   * @param directory where its files go
   * @param host the name that it is good for, and what its files are called after
   */
  public static Certificate of(Path directory, String host) {
    Path keyStore = directory.resolve(host + ".p12");
    Path pem = directory.resolve(host + ".pem");
    keytool(
        List.of(
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-validity",
            "2",
            "-dname",
            "CN=" + host,
            "-ext",
            "san=dns:" + host,
            "-storetype",
            "PKCS12"),
        keyStore);
    Path keyPem = directory.resolve(host + "-key.pem");
    export(keyStore, pem, keyPem);
    return new Certificate(keyStore, pem, keyPem);
  }

  private static void export(Path keyStore, Path pem, Path keyPem) {
    char[] password = PASSWORD.toCharArray();
    try {
      KeyStore store = KeyStore.getInstance(keyStore.toFile(), password);
      String certificate = pem("CERTIFICATE", store.getCertificate("key").getEncoded());
      Files.writeString(pem, certificate);
      Files.writeString(
          keyPem, pem("PRIVATE KEY", store.getKey("key", password).getEncoded()) + certificate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(content), what);
  }

  private static void keytool(List<String> arguments, Path keyStore) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-keystore", keyStore.toString(), "-storepass", PASSWORD));
    try {
      Path said = Files.createTempFile(keyStore.toAbsolutePath().getParent(), "keytool", ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("keytool failed: " + Files.readString(said));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
