package io.offboarder.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyConverter;
import io.offboarder.signature.KeySource.ReadingLimits;
import io.offboarder.signature.SignatureFault.About;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.Key;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all senders. A key set is kept for five minutes, or for a day while its location does
 * not answer; an unknown key id makes it be read again, at most every 30 s. Confined to an event
 * loop; signatures are computed beside it.
 */
final class SenderKeys {
  /** Public keys alone: a key that can verify must not be able to sign. */
  private final Set<JWSAlgorithm> algorithms =
      Set.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512);

  private final Vertx vertx;
  private final List<KeySource> senders;

  /** Reads no key yet. */
  SenderKeys(Vertx vertx, List<KeySet> sets, ReadingLimits limits) {
    this.vertx = vertx;
    this.senders = sets.stream().map(set -> new KeySource(vertx, set, limits)).toList();
  }

  /** What to do about an unknown key while the key set was read a moment ago. */
  enum IfJustRead {
    /** Wait until it may be read again. */
    WAIT,
    /** Say that it cannot be known now. */
    FAIL
  }

  /**
   * Says what is wrong with a signature; empty if a key of its sender made it. Fails with a {@link
   * KeysUnavailableException} if that cannot be known now.
   *
   * @param field to name in a fault
   * @param sender the event's source, or the token's issuer
   */
  Future<Optional<SignatureFault>> verify(
      JWSObject signed, String field, @Nullable String sender, IfJustRead ifJustRead) {
    if (!algorithms.contains(signed.getHeader().getAlgorithm())) {
      return Future.succeededFuture(
          Optional.of(
              SignatureFault.invalid(
                  About.KEY,
                  field,
                  "had an alg that is not allowed",
                  "one of ES, PS and RS, 256 to 512")));
    }
    List<KeySource> candidates = senders.stream().filter(any -> any.set().maySign(sender)).toList();
    if (candidates.isEmpty()) {
      return Future.succeededFuture(
          Optional.of(
              SignatureFault.invalid(
                  About.ISSUER,
                  field,
                  "was of a sender that has no keys here",
                  "a sender in signatures.keys")));
    }
    return new Search(signed, candidates, ifJustRead)
        .run()
        .map(
            found ->
                found
                    ? Optional.empty()
                    : Optional.of(
                        SignatureFault.invalid(
                            About.KEY,
                            field,
                            "did not hold for this value and its sender's keys",
                            "a signature over the record's value with a key of its sender")));
  }

  /** The search for the key that made a signature. */
  private final class Search {
    private final JWSObject signed;
    private final List<KeySource> candidates;
    private final IfJustRead ifJustRead;

    /** Those that lack the key, with the keys that they had. */
    private final List<Lacking> lacking = new ArrayList<>();

    private @Nullable Throwable unavailable;

    private record Lacking(KeySource source, JWKSet keys) {}

    Search(JWSObject signed, List<KeySource> candidates, IfJustRead ifJustRead) {
      this.ifJustRead = ifJustRead;
      this.signed = signed;
      this.candidates = candidates;
    }

    /** Key sets that lack the key are read again only where no other one has it. */
    Future<Boolean> run() {
      return known(0)
          .compose(found -> found ? Future.succeededFuture(true) : later(0))
          .compose(
              found ->
                  found || unavailable == null
                      ? Future.succeededFuture(found)
                      : Future.failedFuture(unavailable));
    }

    private Future<Boolean> known(int i) {
      if (i == candidates.size()) {
        return Future.succeededFuture(false);
      }
      KeySource source = candidates.get(i);
      return source
          .current()
          .compose(
              keys -> {
                List<JWK> matching = matching(keys);
                if (matching.isEmpty()) {
                  lacking.add(new Lacking(source, keys));
                }
                return isSignedBy(matching);
              })
          .recover(this::unavailable)
          .compose(found -> found ? Future.succeededFuture(true) : known(i + 1));
    }

    private Future<Boolean> later(int i) {
      if (i == lacking.size()) {
        return Future.succeededFuture(false);
      }
      Lacking one = lacking.get(i);
      Future<JWKSet> read =
          ifJustRead == IfJustRead.FAIL && one.source().isJustRead()
              ? Future.failedFuture(
                  new KeysUnavailableException(
                      one.source().set(), new IllegalStateException("it was read a moment ago")))
              : one.source().later(one.keys());
      return read.compose(keys -> isSignedBy(matching(keys)))
          .recover(this::unavailable)
          .compose(found -> found ? Future.succeededFuture(true) : later(i + 1));
    }

    private Future<Boolean> unavailable(Throwable failure) {
      unavailable = failure;
      return Future.succeededFuture(false);
    }

    private List<JWK> matching(JWKSet keys) {
      return new JWKSelector(JWKMatcher.forJWSHeader(signed.getHeader())).select(keys);
    }

    private Future<Boolean> isSignedBy(List<JWK> keys) {
      return keys.isEmpty()
          ? Future.succeededFuture(false)
          : vertx.executeBlocking(() -> isSignedByAny(signed, keys), false);
    }
  }

  private static boolean isSignedByAny(JWSObject signed, List<JWK> keys) {
    JWSHeader header = signed.getHeader();
    for (Key key : KeyConverter.toJavaKeys(keys)) {
      try {
        if (key instanceof PublicKey
            && signed.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, key))) {
          return true;
        }
      } catch (JOSEException keyOfAnotherKind) {
        // The next one.
      }
    }
    return false;
  }
}
