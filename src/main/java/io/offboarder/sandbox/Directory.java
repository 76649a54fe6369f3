package io.offboarder.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Who is there, and what they have authorized. Confined to the sandbox's event loop. */
final class Directory {
  private final Map<String, SandboxPerson> people = new LinkedHashMap<>();
  private final Map<String, SandboxPerson> byEmail = new LinkedHashMap<>();
  private final Map<String, Map<String, SandboxAuthorization>> live = new LinkedHashMap<>();
  private final Map<String, String> ownerOf = new LinkedHashMap<>();
  private final RandomGenerator random;
  private final String orgId;
  private int liveCount;

  Directory(RandomGenerator random) {
    this.random = random;
    this.orgId = restId("us", "ORGANIZATION", uuid());
  }

  /** The org of the admin whose token it is. */
  String orgId() {
    return orgId;
  }

  SandboxPerson addPerson(String email, String org) {
    SandboxPerson known = byEmail.get(email.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known;
    }
    SandboxPerson person = new SandboxPerson(restId("us", "PEOPLE", uuid()), email, org);
    people.put(person.id(), person);
    byEmail.put(email.toLowerCase(Locale.ROOT), person);
    live.put(person.id(), new LinkedHashMap<>());
    return person;
  }

  SandboxApp newApp(String name) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new SandboxApp("C" + HexFormat.of().formatHex(bytes), name);
  }

  SandboxAuthorization authorize(SandboxPerson person, SandboxApp app, String type) {
    SandboxAuthorization authorization =
        new SandboxAuthorization(
            restId("urn:TEAM:us-west-2_r", "AUTHORIZATION", uuid()),
            person.id(),
            person.orgId(),
            app.clientId(),
            restId("us", "APPLICATION", app.clientId()),
            app.name(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            type);
    ofPerson(person.id()).put(authorization.id(), authorization);
    ownerOf.put(authorization.id(), person.id());
    liveCount++;
    return authorization;
  }

  @Nullable SandboxPerson personById(String id) {
    return people.get(id);
  }

  @Nullable SandboxPerson personByEmail(String email) {
    return byEmail.get(email.toLowerCase(Locale.ROOT));
  }

  Collection<SandboxPerson> people() {
    return people.values();
  }

  List<SandboxAuthorization> liveOf(SandboxPerson person) {
    return List.copyOf(ofPerson(person.id()).values());
  }

  List<SandboxAuthorization> live() {
    return live.values().stream().flatMap(of -> of.values().stream()).toList();
  }

  int liveCount() {
    return liveCount;
  }

  /** Deletes one; a refresh authorization takes the access ones of its person and client along. */
  List<SandboxAuthorization> delete(String id) {
    String owner = ownerOf.get(id);
    if (owner == null) {
      return List.of();
    }
    Map<String, SandboxAuthorization> ofOwner = ofPerson(owner);
    List<SandboxAuthorization> deleted = new ArrayList<>();
    SandboxAuthorization authorization = ofOwner.get(id);
    if (authorization != null) {
      deleted.add(authorization);
      if (authorization.isRefresh()) {
        ofOwner.values().stream()
            .filter(other -> !other.isRefresh())
            .filter(other -> other.clientId().equals(authorization.clientId()))
            .forEach(deleted::add);
      }
    }
    remove(deleted);
    return deleted;
  }

  /** Deletes what a client holds in an org, of everybody. */
  List<SandboxAuthorization> deleteByClient(String clientId, String org) {
    List<SandboxAuthorization> deleted =
        live().stream()
            .filter(one -> one.clientId().equals(clientId) && one.orgId().equals(org))
            .toList();
    remove(deleted);
    return deleted;
  }

  private void remove(List<SandboxAuthorization> deleted) {
    for (SandboxAuthorization one : deleted) {
      ofPerson(one.personId()).remove(one.id());
      ownerOf.remove(one.id());
      liveCount--;
    }
  }

  private Map<String, SandboxAuthorization> ofPerson(String personId) {
    return live.getOrDefault(personId, Map.of());
  }

  private String uuid() {
    return new UUID(
            (random.nextLong() & ~0xf000L) | 0x4000L,
            (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L)
        .toString();
  }

  /** The form of Webex's REST ids: unpadded Base64 of a URI. */
  static String restId(String cluster, String type, String id) {
    String uri = "ciscospark://" + cluster + "/" + type + "/" + id;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(uri.getBytes(UTF_8));
  }
}
