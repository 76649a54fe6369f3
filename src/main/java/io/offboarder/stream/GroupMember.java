package io.offboarder.stream;

/**
 * A member of the group, as the group's coordinator describes it.
 *
 * @param instanceId the name of its instance; members of other programs have names of their own
 * @param membership its {@code group.instance.id}; empty if it has none
 * @param host where it runs, as the broker sees it
 */
record GroupMember(String instanceId, String membership, String host) {}
