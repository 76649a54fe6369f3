package io.offboarder.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * The group's coordinator: who is a member in which epoch, whose every partition is to be, and
 * whose it is until it is handed over. It checks the epoch of a commit and, like Kafka 4.4.0, not
 * the ownership of the partitions in it.
 */
final class SimulatedGroup {
  private final Fate fate;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Member[] owners;
  private int epoch;

  /** One consumer's membership, until it leaves, is fenced or expires. */
  static final class Member {
    final String id;
    final String client;
    final Set<Integer> target = new TreeSet<>();
    final boolean removable;
    int epoch;

    /** How often the session of one that is silent has begun; 0 for one that is not. */
    int silences;

    Member(String id, String client, boolean removable) {
      this.id = id;
      this.client = client;
      this.removable = removable;
    }
  }

  SimulatedGroup(Fate fate, int partitions) {
    this.fate = fate;
    this.owners = new Member[partitions];
  }

  Member join(String id, String client) {
    Member member = new Member(id, client, !fate.oneIn(4));
    members.put(id, member);
    rebalance();
    member.epoch = epoch;
    return member;
  }

  boolean has(Member member) {
    return members.get(member.id) == member;
  }

  /** Removes a member: it left, or was not heard of for a session's time, or was fenced. */
  void remove(Member member) {
    if (members.remove(member.id, member)) {
      for (int i = 0; i < owners.length; i++) {
        if (owners[i] == member) {
          owners[i] = null;
        }
      }
      fate.note(member.client, "is no longer in the group as", member.id);
      rebalance();
    }
  }

  /** Nothing is heard of a member any more; it is removed when its session is over. */
  void silent(Member member, long sessionMicros) {
    int silence = ++member.silences;
    fate.after(
        sessionMicros,
        () -> {
          if (member.silences == silence) {
            remove(member);
          }
        });
  }

  /** A coordinator that comes back gives everybody a whole session, the dead too. */
  void beginSessionsAgain(long sessionMicros) {
    for (Member member : List.copyOf(members.values())) {
      if (member.silences > 0) {
        fate.note(member.client, "its session begins again");
        silent(member, sessionMicros);
      }
    }
  }

  /** A member that is fenced without having done anything wrong. */
  void removeAny() {
    if (!members.isEmpty()) {
      List<Member> all = new ArrayList<>(members.values());
      remove(all.get(fate.below(all.size())));
    }
  }

  /** Distributes the partitions anew, any way at all. */
  void rebalance() {
    epoch++;
    List<Member> all = new ArrayList<>(members.values());
    boolean sticky = fate.oneIn(2);
    for (Member member : all) {
      if (!sticky) {
        member.target.clear();
      }
    }
    if (all.isEmpty()) {
      return;
    }
    for (int i = 0; i < owners.length; i++) {
      int partition = i;
      if (!sticky || all.stream().noneMatch(member -> member.target.contains(partition))) {
        all.get(fate.below(all.size())).target.add(partition);
      } else if (fate.oneIn(owners.length)) {
        all.forEach(member -> member.target.remove(partition));
        all.get(fate.below(all.size())).target.add(partition);
      }
    }
    for (Member member : all) {
      // A heartbeat in the background may bring the epoch on before the client learns of it.
      if (fate.oneIn(2) && toRevoke(member).isEmpty()) {
        member.epoch = epoch;
      }
    }
  }

  Set<Integer> toRevoke(Member member) {
    Set<Integer> revoked = new TreeSet<>();
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] == member && !member.target.contains(i)) {
        revoked.add(i);
      }
    }
    return revoked;
  }

  /** A member has handed over what it had to. */
  void acknowledge(Member member, Set<Integer> revoked) {
    if (has(member)) {
      for (int partition : revoked) {
        if (owners[partition] == member) {
          owners[partition] = null;
        }
      }
      if (toRevoke(member).isEmpty()) {
        member.epoch = epoch;
      }
    }
  }

  /** Gives a member those of its partitions that nobody else holds any more. */
  Set<Integer> assign(Member member) {
    Set<Integer> assigned = new TreeSet<>();
    for (int partition : member.target) {
      if (owners[partition] == null) {
        owners[partition] = member;
        assigned.add(partition);
      }
    }
    return assigned;
  }

  /** Whether somebody who does not know its member id calls itself by the name of a member. */
  boolean isJoining(ConsumerGroupMetadata group) {
    return group.memberId().isEmpty()
        && group.groupInstanceId().filter(members::containsKey).isPresent();
  }

  /** Like the broker, lets those pass who do not say who they are. */
  boolean acceptsCommit(String memberId, int generation) {
    if (memberId.isEmpty() && generation < 0) {
      return true;
    }
    Member member = members.get(memberId);
    return member != null && member.epoch == generation;
  }

  /** The partitions of a member of this id. */
  Set<Integer> ownedBy(String memberId) {
    Set<Integer> owned = new TreeSet<>();
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] != null && owners[i].id.equals(memberId)) {
        owned.add(i);
      }
    }
    return owned;
  }

  /** As an admin client describes them. */
  List<GroupMember> describe() {
    return members.values().stream()
        .map(member -> new GroupMember(member.client, member.id, "host"))
        .toList();
  }

  /** As an admin client asks for it. */
  boolean remove(GroupMember described) {
    Member member = members.get(described.membership());
    if (member == null || !member.removable) {
      return false;
    }
    remove(member);
    return true;
  }
}
