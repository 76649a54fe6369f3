package io.offboarder.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The people and apps in the sandbox. Events name some of them; the others are bystanders.
 *
 * @param staff people whom an event may name
 * @param dated people who leave at a time that is announced, each once
 * @param refused people to whom the API gives no access, see {@link #REFUSED}
 * @param retirable apps that an event may name
 */
record Workforce(
    String orgId,
    List<Person> staff,
    List<Person> dated,
    List<Person> refused,
    List<String> retirable) {
  /** Stands in the address of everybody to whom the API gives no access. */
  static final String REFUSED = "refused-";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 500;

  /** Somebody with an account. */
  record Person(String id, String email) {}

  /** Fills the sandbox for so many events. */
  static Workforce hire(SandboxControl sandbox, int events, RandomGenerator random) {
    List<String> retirable = clientIds(Math.max(4, events / 40), random);
    List<String> apps = new ArrayList<>(clientIds(20, random));
    apps.addAll(retirable);
    List<Person> staff = new ArrayList<>();
    String orgId = "";
    int left = Math.max(20, events * 7 / 10);
    while (left > 0) {
      int count = Math.min(BATCH, left);
      JsonNode added = add(sandbox, "staff-" + staff.size() + "-", count, apps, null, random);
      orgId = added.get(0).path("orgId").asText();
      staff.addAll(people(added));
      left -= count;
    }
    List<Person> dated = new ArrayList<>();
    while (dated.size() < events / 4) {
      int count = Math.min(BATCH, events / 4 - dated.size());
      dated.addAll(people(add(sandbox, "dated-" + dated.size() + "-", count, apps, null, random)));
    }
    List<Person> refused =
        people(add(sandbox, REFUSED, Math.max(2, events / 200), apps, null, random));
    // Another org's people use the same apps; what is retired here goes on there.
    add(sandbox, "foreign-", 20, apps, "another-org", random);
    return new Workforce(orgId, staff, dated, refused, retirable);
  }

  private static List<String> clientIds(int count, RandomGenerator random) {
    Set<String> ids = new HashSet<>();
    List<String> ordered = new ArrayList<>();
    while (ordered.size() < count) {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      String id = "C" + HexFormat.of().formatHex(bytes);
      if (ids.add(id)) {
        ordered.add(id);
      }
    }
    return ordered;
  }

  private static JsonNode add(
      SandboxControl sandbox,
      String prefix,
      int count,
      List<String> apps,
      String orgId,
      RandomGenerator random) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode people = body.putArray("people");
    for (int i = 0; i < count; i++) {
      ObjectNode person = people.addObject().put("email", prefix + i + "@example.com");
      if (orgId != null) {
        person.put("orgId", orgId);
      }
      ArrayNode granted = person.putArray("apps");
      Set<String> chosen = new HashSet<>();
      for (int a = 1 + random.nextInt(3); a > 0; a--) {
        String app = apps.get(random.nextInt(apps.size()));
        if (chosen.add(app)) {
          granted
              .addObject()
              .put("clientId", app)
              .put("name", "App " + app.substring(0, 5))
              .put("access", random.nextInt(3))
              .put("refresh", random.nextInt(6) > 0);
        }
      }
    }
    return sandbox.post("people", body.toString()).path("people");
  }

  private static List<Person> people(JsonNode added) {
    List<Person> people = new ArrayList<>();
    added.forEach(
        one -> people.add(new Person(one.path("id").asText(), one.path("email").asText())));
    return people;
  }
}
