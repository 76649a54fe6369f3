package io.offboarder.bench.api;

import io.vertx.core.buffer.Buffer;
import java.util.BitSet;

/**
 * Who has what: everybody starts with one refresh authorization and one access authorization of the
 * same app. A few bytes per person, for there may be a million. Confined to one thread.
 */
final class People {
  static final String ID_PREFIX = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9iZW5j-";
  private static final String REFRESH_PREFIX = "Y2lzY29zcGFyazovL3VzL0FVVEhPUklaQVRJT04-r";
  private static final String ACCESS_PREFIX = "Y2lzY29zcGFyazovL3VzL0FVVEhPUklaQVRJT04-a";

  private final boolean returning;
  private final BitSet gone = new BitSet();
  private final BitSet verified = new BitSet();
  private final short[] turn;
  private final long[] deletedMicros;

  People(int count, boolean returning) {
    this.returning = returning;
    this.turn = new short[count];
    this.deletedMicros = new long[count];
  }

  /** The number in an id with this prefix; -1 if it has another form. */
  int number(String id) {
    return number(id, ID_PREFIX, id.length());
  }

  private int number(String id, String prefix, int end) {
    if (!id.startsWith(prefix)) {
      return -1;
    }
    try {
      int number = Integer.parseInt(id, prefix.length(), end, 10);
      return number < turn.length ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  boolean isGone(int person) {
    return gone.get(person);
  }

  /** Notes that an empty list was answered; whether that ends an event. */
  boolean verified(int person) {
    if (returning) {
      gone.clear(person);
      turn[person]++;
      return true;
    }
    boolean first = !verified.get(person);
    verified.set(person);
    return first;
  }

  /** Deletes what this authorization and those made from it are; whether it was there. */
  boolean delete(String id, long nowMicros) {
    int dot = id.lastIndexOf('.');
    int person = dot < 0 ? -1 : number(id, REFRESH_PREFIX, dot);
    if (person < 0 || gone.get(person) || !id.endsWith("." + turn[person])) {
      return false;
    }
    gone.set(person);
    deletedMicros[person] = nowMicros;
    return true;
  }

  /** What a person has, as the API lists it. */
  Buffer listed(int person) {
    if (gone.get(person)) {
      return Buffer.buffer("{\"items\":[]}");
    }
    StringBuilder json = new StringBuilder(700).append("{\"items\":[");
    item(json, REFRESH_PREFIX, person, "refresh");
    json.append(',');
    item(json, ACCESS_PREFIX, person, "access");
    return Buffer.buffer(json.append("]}").toString());
  }

  private void item(StringBuilder json, String prefix, int person, String type) {
    json.append("{\"id\":\"").append(prefix).append(person).append('.').append(turn[person]);
    json.append("\",\"applicationId\":\"Y2lzY29zcGFyazovL3VzL0FQUExJQ0FUSU9OL0MxMjM0NTY3OA\"");
    json.append(",\"applicationName\":\"Slides\",\"personId\":\"");
    json.append(ID_PREFIX).append(person);
    json.append("\",\"clientId\":\"C7f3c2a1d5e\",\"created\":\"2026-01-05T09:00:00+00:00\"");
    json.append(",\"type\":\"").append(type).append("\"}");
  }

  /** When each person's authorizations were last deleted, in microseconds, 8 bytes each. */
  Buffer deletions() {
    Buffer all = Buffer.buffer(deletedMicros.length * Long.BYTES);
    for (long micros : deletedMicros) {
      all.appendLong(micros);
    }
    return all;
  }
}
