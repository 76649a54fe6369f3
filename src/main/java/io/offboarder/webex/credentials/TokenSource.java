package io.offboarder.webex.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.Json;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.ResponseParser;
import io.offboarder.webex.http.SecretMask;
import io.offboarder.webex.loop.EventLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access token in use and what renews it. Decides nothing and sends nothing: the gate asks it
 * what to send and tells it what came of it. Confined to the gate's thread.
 */
public final class TokenSource {

  private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);
  private static final Duration REFRESH_AHEAD = Duration.ofMinutes(5);

  /** What a 401 means. */
  public enum Rejection {
    /** The token was replaced meanwhile: ask again with the new one. */
    STALE,
    /** It must be renewed. */
    RENEW,
    /** There is no newer one: an operator must act. */
    REFUSED
  }

  /** A new access token, as the API issues it. */
  public record Issued(
      String accessToken,
      @Nullable Duration expiresIn,
      @Nullable String refreshToken,
      @Nullable Duration refreshTokenExpiresIn) {

    /**
     * Reads the answer to a renewal.
     *
     * @throws ResponseParser.UnexpectedAnswerException if it has no access token that can be sent
     */
    public static Issued read(ApiResponse response)
        throws ResponseParser.UnexpectedAnswerException {
      JsonNode tree = Json.parse(response.body());
      String token = tree == null ? null : Json.text(tree, "access_token");
      if (tree == null || token == null || !Secret.isWellFormed(token)) {
        throw new ResponseParser.UnexpectedAnswerException(
            response.status() + " without a usable \"access_token\"");
      }
      String refreshToken = Json.text(tree, "refresh_token");
      return new Issued(
          token,
          seconds(tree, "expires_in"),
          refreshToken == null || !Secret.isWellFormed(refreshToken) ? null : refreshToken,
          seconds(tree, "refresh_token_expires_in"));
    }

    private static @Nullable Duration seconds(JsonNode tree, String member) {
      JsonNode value = tree.get(member);
      if (value == null || !(value.isNumber() || value.isTextual())) {
        return null;
      }
      long seconds = value.asLong(0);
      // A century bounds the arithmetic; nothing lasts longer.
      return seconds <= 0 ? null : Duration.ofSeconds(Math.min(seconds, 3_155_760_000L));
    }

    @Override
    public String toString() {
      return "Issued[***, expiresIn=" + expiresIn + "]";
    }
  }

  private final EventLoop loop;
  private final Supplier<Future<ResolvedCredentials>> reader;
  private final Function<String, Future<Boolean>> keeper;
  private @Nullable ResolvedCredentials values;
  private @Nullable Future<Boolean> reading;
  private @Nullable String accessToken;
  private @Nullable String refreshToken;
  private @Nullable Long expires;
  private @Nullable Long refreshFrom;
  private @Nullable Instant refreshTokenExpires;
  private boolean proven;
  private boolean refused;
  private @Nullable String unkept;
  private boolean rotationSaid;

  /** A source that keeps refresh tokens that come back in memory alone. */
  public TokenSource(EventLoop loop, Supplier<Future<ResolvedCredentials>> reader) {
    this(loop, reader, refreshToken -> Future.succeededFuture(false));
  }

  /**
   * A source that has read nothing yet.
   *
   * @param reader reads the credentials, the newest refresh token among them
   * @param keeper keeps a refresh token that came back for the reader to find; false where there is
   *     no place for it. What it does is done before a later reading begins
   */
  public TokenSource(
      EventLoop loop,
      Supplier<Future<ResolvedCredentials>> reader,
      Function<String, Future<Boolean>> keeper) {
    this.loop = loop;
    this.reader = reader;
    this.keeper = keeper;
  }

  /** Reads the credentials again; true where they are new. One reading at a time. */
  public Future<Boolean> reread() {
    if (unkept != null) {
      keep(unkept);
    }
    if (reading == null) {
      Future<Boolean> begun = read().map(this::take);
      if (begun.isComplete()) {
        return begun;
      }
      reading = begun;
      begun.onComplete(done -> reading = null);
    }
    return reading == null ? Future.succeededFuture(false) : reading;
  }

  private Future<ResolvedCredentials> read() {
    try {
      return reader.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private boolean take(ResolvedCredentials read) {
    if (read.equals(values)) {
      return false;
    }
    boolean first = values == null;
    values = read;
    if (read instanceof ResolvedCredentials.Token token) {
      use(token.accessToken(), null);
    } else if (read instanceof ResolvedCredentials.Grant grant) {
      // The access token in use stays good; the next refresh takes the new values.
      refreshToken = grant.refreshToken();
      refreshTokenExpires = null;
    }
    if (!first) {
      LOG.info("Webex credentials have changed; the new ones are in use");
    }
    return true;
  }

  /** Whether credentials were read at all. */
  public boolean hasValues() {
    return values != null;
  }

  /** The token to send, or null where there is none that could be good. */
  @Nullable public String accessToken() {
    if (expires != null && loop.nanos() - expires >= 0) {
      return null;
    }
    return accessToken;
  }

  /** Whether an access token that is refused can be replaced by a new one. */
  public boolean canRenew() {
    return values instanceof ResolvedCredentials.Grant;
  }

  /** Whether a token in use should be renewed, because it is about to expire. */
  public boolean isRenewalDue() {
    return canRenew() && refreshFrom != null && loop.nanos() - refreshFrom >= 0;
  }

  /** The request for a new access token. */
  public ApiRequest renewal() {
    ResolvedCredentials.Grant grant =
        (ResolvedCredentials.Grant) java.util.Objects.requireNonNull(values);
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", grant.clientId());
    form.put("client_secret", grant.clientSecret());
    form.put("refresh_token", refreshToken == null ? grant.refreshToken() : refreshToken);
    return ApiRequest.post(Operation.REFRESH, "/access_token", form);
  }

  /** Uses what the API has issued from now on, and keeps a new refresh token. */
  public void renewed(Issued issued) {
    use(issued.accessToken(), issued.expiresIn());
    Duration left = issued.refreshTokenExpiresIn();
    if (left != null) {
      refreshTokenExpires = loop.now().plus(left);
    }
    String returned = issued.refreshToken();
    if (returned != null && !returned.equals(refreshToken)) {
      refreshToken = returned;
      keep(returned);
    }
  }

  private void keep(String returned) {
    unkept = null;
    keeper
        .apply(returned)
        .onComplete(
            kept -> {
              if (!kept) {
                warnOfRotation("there is no file to keep it in (webex.refresh-token-state-file)");
              } else if (values instanceof ResolvedCredentials.Grant grant) {
                values =
                    new ResolvedCredentials.Grant(grant.clientId(), grant.clientSecret(), returned);
                rotationSaid = false;
              }
            },
            failure -> {
              warnOfRotation("it cannot be kept: " + ErrorMessage.reason(failure));
              if (returned.equals(refreshToken)) {
                unkept = returned; // For the next time that credentials are looked at.
              }
            });
  }

  private void warnOfRotation(String why) {
    if (!rotationSaid) {
      rotationSaid = true;
      LOG.warn(
          "the API replaced the refresh token, and {}; a restart or a second instance would be"
              + " refused",
          why);
    }
  }

  private void use(String token, @Nullable Duration expiresIn) {
    accessToken = token;
    proven = false;
    refused = false;
    expires = null;
    refreshFrom = null;
    if (expiresIn != null) {
      Duration fifth = expiresIn.dividedBy(5);
      Duration ahead = fifth.compareTo(REFRESH_AHEAD) < 0 ? fifth : REFRESH_AHEAD;
      expires = loop.nanos() + expiresIn.toNanos();
      refreshFrom = expires - ahead.toNanos();
    }
  }

  /** The API took this token. */
  public void accepted(String token) {
    if (token.equals(accessToken)) {
      proven = true;
    }
  }

  /** The API answered 401 to this token. */
  public Rejection rejected(String token) {
    if (!token.equals(accessToken)) {
      return Rejection.STALE;
    }
    if (!canRenew() || !proven) {
      refused = true;
      return Rejection.REFUSED;
    }
    drop();
    return Rejection.RENEW;
  }

  /** Whether the API has refused the access token, and no newer one came since. */
  public boolean isRefused() {
    return refused;
  }

  /** Forgets the access token, so that the next request needs a new one. */
  public void drop() {
    if (canRenew()) {
      accessToken = null;
      refreshFrom = null;
    }
  }

  /** As the API named it with the last renewal; null where it did not. */
  @Nullable public Instant refreshTokenExpires() {
    return refreshTokenExpires;
  }

  /** Whether requests are sent with this access token now. */
  public boolean isCurrent(String token) {
    return token.equals(accessToken);
  }

  /** Masks what a text holds of the credentials, and of a token that was in use before. */
  public SecretMask mask(@Nullable String formerToken) {
    List<String> secrets = new ArrayList<>();
    Stream.of(formerToken, accessToken, refreshToken)
        .filter(Objects::nonNull)
        .forEach(secrets::add);
    if (values instanceof ResolvedCredentials.Grant grant) {
      secrets.add(grant.clientSecret());
      secrets.add(grant.refreshToken());
    }
    return new SecretMask(secrets);
  }
}
