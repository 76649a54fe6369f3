package io.offboarder.stream;

import java.util.List;
import org.apache.kafka.common.errors.GroupAuthorizationException;

/** Finds other processes in the group that carry this instance's name. */
final class Duplicates {
  private final String instanceId;
  private final GroupAdmin admin;
  private final Incarnation self;

  Duplicates(String instanceId, GroupAdmin admin, Incarnation self) {
    this.instanceId = instanceId;
    this.admin = admin;
    this.self = self;
  }

  /** Those that there are; none where Kafka does not allow to look. */
  List<GroupMember> find() {
    try {
      return admin.members().stream()
          .filter(member -> member.instanceId().equals(instanceId))
          .filter(member -> !Incarnation.of(member).equals(self))
          .toList();
    } catch (GroupAuthorizationException mayNotLook) {
      return List.of();
    }
  }

  /** Removes one from the group; see {@link GroupAdmin#remove}. */
  boolean remove(GroupMember duplicate) {
    return admin.remove(duplicate);
  }
}
