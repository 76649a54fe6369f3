package io.offboarder.stream;

/**
 * Whether a partition's last owners have died while they read it, as they would of a record that
 * decompresses to more than a process can hold. Confined to the Kafka thread.
 *
 * <p>Each owner counts itself in the commit metadata before it reads anything, and takes itself out
 * again once it has read all that the owner before it could have read, and what it had to set aside
 * of that has its result; or when it gives the partition up in good order. So a count that an owner
 * finds is of those that died before that. One is enough to be careful: another may have died
 * before it, of a record that it was the first to read. To be careful for nothing, say after a
 * power failure, costs a little time.
 */
final class ReadAttempts {
  private final int found;
  private int unread;

  /** The count in the commit metadata. */
  private int committed;

  /** The offset after the last record that was too large. */
  private long setAsideTo;

  /**
   * The attempts of a partition just assigned.
   *
   * @param found how many were counted
   * @param readAhead how many records without a committed result an owner may have read
   */
  ReadAttempts(int found, int readAhead) {
    this.found = found;
    this.unread = readAhead;
    this.committed = found;
  }

  /** Whether the partition is to be read with care. */
  boolean areSuspicious() {
    return found > 0 && !isOver();
  }

  /** A record was too large and is set aside: until it has its result, it could kill again. */
  void setAside(long offset) {
    setAsideTo = Math.max(setAsideTo, offset + 1);
  }

  /** Whether all is read that the owner before could have read. */
  boolean isOver() {
    return unread <= 0;
  }

  /** This many records were read. */
  void read(int records) {
    unread -= records;
  }

  /** Everything was read that there is. */
  void readAll() {
    unread = 0;
  }

  /**
   * The count while this instance owns the partition.
   *
   * @param base the offset below which everything is finished
   */
  int whileOwned(long base) {
    return isSettled(base) ? 0 : found + 1;
  }

  /** The count for the next owner, if this instance gives the partition up in good order. */
  int afterwards(long base) {
    return isSettled(base) ? 0 : found;
  }

  /** This count was committed. */
  void committed(int count) {
    committed = count;
  }

  /** The count in the commit metadata. */
  int committed() {
    return committed;
  }

  private boolean isSettled(long base) {
    return isOver() && base >= setAsideTo;
  }
}
