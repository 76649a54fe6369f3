package io.offboarder.revocation;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a delete takes along: a refresh authorization takes the access authorizations of its app.
 * Confined to the flow's event loop.
 */
final class RefreshCascade {
  /** The first refresh authorization of each app that the API called gone, by client id. */
  private final Map<String, TrackedAuthorization> deleted = new HashMap<>();

  /** The API called one gone. */
  void deleted(Authorization authorization, TrackedAuthorization tracked) {
    if (isRefresh(authorization) && authorization.clientId() != null) {
      deleted.putIfAbsent(authorization.clientId(), tracked);
    }
  }

  /** What the API called gone and an access authorization goes with; null if there is none. */
  @Nullable TrackedAuthorization of(Authorization authorization) {
    return isRefresh(authorization) || authorization.clientId() == null
        ? null
        : deleted.get(authorization.clientId());
  }

  /** The fewest deletes after which nothing of these is left that the API has not called gone. */
  static List<Authorization> leastDeletes(Collection<TrackedAuthorization> live) {
    List<Authorization> open = new ArrayList<>();
    boolean anyRefresh = false;
    Set<String> refreshed = new HashSet<>();
    for (TrackedAuthorization tracked : live) {
      Authorization authorization = tracked.authorization;
      if (!tracked.answeredGone) {
        open.add(authorization);
        anyRefresh |= isRefresh(authorization);
      }
      if (isRefresh(authorization) && authorization.clientId() != null) {
        refreshed.add(authorization.clientId());
      }
    }
    boolean orphansWait = anyRefresh;
    open.removeIf(
        authorization ->
            !isRefresh(authorization)
                && (authorization.clientId() == null
                    ? orphansWait
                    : refreshed.contains(authorization.clientId())));
    return open;
  }

  /** Of what is listed, what goes with each of these: by the first that takes it. */
  static Map<Authorization, List<Authorization>> takenAlong(
      List<Authorization> deleted, List<Authorization> listed) {
    Map<String, List<Authorization>> accessOfApp = new HashMap<>();
    for (Authorization one : listed) {
      if (!isRefresh(one) && one.clientId() != null) {
        accessOfApp.computeIfAbsent(one.clientId(), app -> new ArrayList<>()).add(one);
      }
    }
    Map<Authorization, List<Authorization>> along = new LinkedHashMap<>();
    for (Authorization one : deleted) {
      List<Authorization> access =
          isRefresh(one) && one.clientId() != null ? accessOfApp.remove(one.clientId()) : null;
      if (access != null) {
        along.put(one, access);
      }
    }
    return along;
  }

  private static boolean isRefresh(Authorization authorization) {
    return authorization.type() == AuthorizationType.REFRESH;
  }
}
