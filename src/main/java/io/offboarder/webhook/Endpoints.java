package io.offboarder.webhook;

import java.util.List;

/** All paths that requests come to; each is there once. */
public record Endpoints(List<Endpoint> all) {
  /** None. */
  public static final Endpoints NONE = new Endpoints(List.of());

  /** Copies the list. */
  public Endpoints {
    all = List.copyOf(all);
  }

  /** Everything that is wrong with endpoints, a line for each fault. */
  public static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    InvalidException(List<String> faults) {
      super(String.join("; ", faults), null, false, false);
      this.faults = List.copyOf(faults);
    }

    /** The lines; each names the endpoint and the member. */
    public List<String> faults() {
      return faults;
    }
  }

  /** The topics that they publish to. */
  public List<String> topics() {
    return all.stream().map(Endpoint::topic).distinct().toList();
  }

  /** The paths of those that take security event tokens. */
  public List<String> forTokens() {
    return all.stream()
        .filter(one -> one.verification() instanceof Verification.SignedToken)
        .map(Endpoint::path)
        .toList();
  }

  /** Reads secrets again whose files have changed. Blocks; from one thread at a time. */
  void refreshSecrets() {
    for (Endpoint one : all) {
      if (one.verification() instanceof Verification.Hmac hmac) {
        hmac.secret().refresh();
      } else if (one.verification() instanceof Verification.SharedSecret shared) {
        shared.secret().refresh();
      }
    }
  }
}
