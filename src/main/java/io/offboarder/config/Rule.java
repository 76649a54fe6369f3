package io.offboarder.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a value may be. */
enum Rule {
  /** Whatever Kafka makes of it. */
  ANYTHING("any text") {
    @Override
    boolean accepts(String value) {
      return true;
    }
  },
  NAME("text of up to 200 characters, not blank and without control characters") {
    @Override
    boolean accepts(String value) {
      return !value.isBlank()
          && value.length() <= 200
          && value.chars().noneMatch(Character::isISOControl);
    }
  },
  TOPIC("a topic's name: up to 249 letters, digits, dots, hyphens and underscores") {
    @Override
    boolean accepts(String value) {
      return TOPIC_NAME.matcher(value).matches() && !value.equals(".") && !value.equals("..");
    }
  },
  SERVERS("host:port, several of them separated by commas") {
    @Override
    boolean accepts(String value) {
      String[] servers = value.split(",", -1);
      for (String server : servers) {
        int colon = server.lastIndexOf(':');
        if (!HOST_AND_PORT.matcher(server.strip()).matches()
            || !PORT.accepts(server.substring(colon + 1).strip())) {
          return false;
        }
      }
      return true;
    }
  },
  HTTP_URL("http:// or https://, a host and perhaps a path; no user, query or fragment") {
    @Override
    boolean accepts(String value) {
      try {
        URI url = URI.create(value);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return (scheme.equals("http") || scheme.equals("https"))
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  },
  PROXY("http://host:port, without user or path") {
    @Override
    boolean accepts(String value) {
      return HTTP_URL.accepts(value)
          && value.regionMatches(true, 0, "http://", 0, 7)
          && URI.create(value).getPort() > 0
          && URI.create(value).getPort() <= 65_535
          && Set.of("", "/").contains(URI.create(value).getRawPath());
    }
  },
  COUNT("a whole number, 1 or more") {
    @Override
    boolean accepts(String value) {
      return isWholeNumber(value, 1, Integer.MAX_VALUE);
    }
  },
  PORT("a port, 0 to 65535") {
    @Override
    boolean accepts(String value) {
      return isWholeNumber(value, 0, 65_535);
    }
  },
  RATE("a number above 0, such as 50 or 0.5") {
    @Override
    boolean accepts(String value) {
      return DECIMAL.matcher(value).matches() && Double.parseDouble(value) > 0;
    }
  },
  DURATION("a duration above zero, such as 500ms, 25s, 2m, 1h or PT25S") {
    @Override
    boolean accepts(String value) {
      return isAccepted(() -> DurationText.parse(value));
    }
  },
  SIZE("a size, such as 67108864, 512KiB or 64MiB") {
    @Override
    boolean accepts(String value) {
      return isAccepted(() -> ByteSize.parse(value));
    }
  },
  METADATA_CHARS("a whole number, 32 or more: the broker's offset.metadata.max.bytes") {
    @Override
    boolean accepts(String value) {
      return isWholeNumber(value, 32, 1 << 20);
    }
  },
  METADATA_ENCODING("wide or base64") {
    @Override
    boolean accepts(String value) {
      return Set.of("wide", "base64").contains(value);
    }
  },
  FOREIGN_METADATA("ignore or stop") {
    @Override
    boolean accepts(String value) {
      return Set.of("ignore", "stop").contains(value);
    }
  },
  BOOLEAN("true or false") {
    @Override
    boolean accepts(String value) {
      return Set.of("true", "false").contains(value);
    }
  },
  SECRET("visible ASCII characters without blanks") {
    @Override
    boolean accepts(String value) {
      return !value.isEmpty() && value.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
  },
  FILE("a file that this process may read") {
    @Override
    boolean accepts(String value) {
      try {
        Path file = Path.of(value);
        return Files.isRegularFile(file) && Files.isReadable(file);
      } catch (InvalidPathException e) {
        return false;
      }
    }
  },
  CERTIFICATES("a file that this process may read, with certificates in PEM") {
    @Override
    boolean accepts(String value) {
      if (!FILE.accepts(value)) {
        return false;
      }
      try (InputStream in = Files.newInputStream(Path.of(value))) {
        byte[] content = in.readNBytes(MAX_BUNDLE_BYTES);
        return new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE")
            && !CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(content))
                .isEmpty();
      } catch (IOException | CertificateException e) {
        return false;
      }
    }
  },
  SECRET_FILE("a file that this process may read and that holds the secret and nothing else") {
    @Override
    boolean accepts(String value) {
      try {
        return FILE.accepts(value)
            && Files.size(Path.of(value)) <= MAX_SECRET_BYTES
            && SECRET.accepts(Files.readString(Path.of(value)).strip());
      } catch (IOException e) {
        return false;
      }
    }
  },
  KEY_FILE(
      "a file that this process may read and that holds a key of at least 32 visible ASCII"
          + " characters and nothing else") {
    @Override
    boolean accepts(String value) {
      try {
        return SECRET_FILE.accepts(value)
            && Files.readString(Path.of(value)).strip().length() >= SHORTEST_KEY;
      } catch (IOException e) {
        return false;
      }
    }
  };

  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\s:/@\\[\\]]+):\\d{1,5}");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final long MAX_SECRET_BYTES = 64 * 1024;
  private static final int SHORTEST_KEY = 32;
  private static final int MAX_BUNDLE_BYTES = 16 << 20;

  private final String expected;

  Rule(String expected) {
    this.expected = expected;
  }

  abstract boolean accepts(String value);

  /** What is wrong with a value in words that end a sentence, or null. */
  @Nullable String fault(String value) {
    return accepts(value) ? null : "expected " + expected;
  }

  boolean isSecret() {
    return this == SECRET;
  }

  private static boolean isWholeNumber(String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      return number >= least && number <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isAccepted(Runnable parsing) {
    try {
      parsing.run();
      return true;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }
}
