package io.offboarder.webex.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A secret in a text from outside")
class SecretMaskTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=!&";

  private final Random random = new Random(11);

  @Test
  @DisplayName("is masked whole, in part, broken and encoded, wherever it stands")
  void everyForm() {
    List<UnaryOperator<String>> forms =
        List.of(
            secret -> secret,
            secret -> secret.substring(0, 8 + random.nextInt(secret.length() - 8)),
            secret -> secret.substring(random.nextInt(secret.length() - 8)),
            secret -> secret.replaceAll("(.{5})", "$1\n  "),
            secret -> String.join("\u00a0", secret.split("")),
            secret -> String.join("\u200b", secret.split("")),
            secret -> String.join("\u0001", secret.split("")),
            secret -> secret.toUpperCase(Locale.ROOT),
            secret -> HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)),
            secret -> URLEncoder.encode(secret, StandardCharsets.UTF_8),
            SecretMaskTest::everyOctet,
            secret -> everyOctet(secret).replace("%", "%25"),
            secret -> everyOctet(secret).replace("%", "\\u00"),
            secret -> base64(secret, Base64.getEncoder()),
            secret -> base64("a:" + secret + "!", Base64.getEncoder()),
            secret -> base64("ab:" + secret, Base64.getUrlEncoder().withoutPadding()),
            secret -> base64("abc:" + secret, Base64.getMimeEncoder(16, new byte[] {'\n'})));
    for (int i = 0; i < 500; i++) {
      String secret = secret(20 + random.nextInt(100));
      for (UnaryOperator<String> form : forms) {
        String text = "Authorization: <" + form.apply(secret) + "> was not understood.";
        String masked = new SecretMask(List.of(secret)).mask(text);
        assertThat(masked)
            .as(text)
            .startsWith("Authorization: <")
            .endsWith("> was not understood.")
            .contains("***");
        assertThat(leaks(masked, secret)).as(masked + " of " + secret).isFalse();
      }
    }
  }

  @Test
  @DisplayName("is masked before the text is cut, so that a cut leaves no part of it")
  void maskedThenCut() {
    String secret = secret(100);
    for (int before = 180; before < 310; before++) {
      String message = "x".repeat(before) + secret;
      ErrorMessage error = ErrorMessage.of(answer(message), new SecretMask(List.of(secret)));
      assertThat(leaks(error.oneLine(), secret)).as(error.oneLine()).isFalse();
    }
  }

  @Test
  @DisplayName("is masked where a library quotes an answer that it cannot read")
  void quotedByLibrary() {
    String secret = secret(100);
    SecretMask mask = new SecretMask(List.of(secret));
    for (int before = 0; before < 250; before += 7) {
      Throwable cause =
          new IllegalArgumentException("x".repeat(before) + " is no version: " + secret);
      String reason = ErrorMessage.reason(new IOException(cause.getMessage(), cause), mask);
      assertThat(leaks(reason, secret)).as(reason).isFalse();
    }
  }

  @Test
  @DisplayName("leaves no half of a character where a text is cut, which JSON could not hold")
  void wholeCharacters() {
    for (int before = 190; before < 310; before++) {
      String message = "x".repeat(before) + "\ud83d\ude00".repeat(100);
      String shown = ErrorMessage.of(answer(message), new SecretMask(List.of())).oneLine();
      assertThat(shown.codePoints()).as(shown).noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
    }
  }

  @Test
  @DisplayName("leaves other words as they are")
  void otherWords() {
    String words = "The requested resource could not be found. 100 % sure; see %2F and %zz.";
    assertThat(new SecretMask(List.of(secret(64))).mask(words)).isEqualTo(words);
    assertThat(new SecretMask(List.of("")).mask(words)).isEqualTo(words);
  }

  @Test
  @DisplayName("is masked as a whole where it is shorter than a window")
  void shortSecret() {
    assertThat(new SecretMask(List.of("s3c")).mask("it said s3c!")).isEqualTo("it said ***!");
  }

  private static ApiResponse answer(String message) {
    Buffer body = Buffer.buffer("{\"message\":\"" + message + "\",\"trackingId\":\"T\"}");
    return new ApiResponse(400, "T", HttpHeaders.headers(), body, null, false);
  }

  private String secret(int length) {
    return random
        .ints(length, 0, ALPHABET.length())
        .mapToObj(i -> String.valueOf(ALPHABET.charAt(i)))
        .collect(Collectors.joining())
        .replace('/', 'a')
        .replace('&', 'b');
  }

  /** Whether nine characters of it, or of its Base64, can still be read. */
  private static boolean leaks(String text, String secret) {
    String compact = text.replaceAll("[\\s\\u00a0\\u200b\\u0001]", "");
    for (int i = 0; i + 9 <= secret.length(); i++) {
      if (compact.contains(secret.substring(i, i + 9))) {
        return true;
      }
    }
    return false;
  }

  private static String everyOctet(String secret) {
    return secret.chars().mapToObj("%%%02x"::formatted).collect(Collectors.joining());
  }

  private static String base64(String text, Base64.Encoder encoder) {
    return encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
