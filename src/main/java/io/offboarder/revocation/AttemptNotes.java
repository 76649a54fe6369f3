package io.offboarder.revocation;

import io.offboarder.event.OffboardingEvent;
import io.offboarder.revocation.DeletionNote.Deletion;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The notes of one attempt at an event, and of those before it. Confined to the event loop. */
final class AttemptNotes {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptNotes.class);

  /** So that no note comes near what a topic takes. */
  private static final int MOST_IN_ONE = 500;

  private final CaseNotes notes;
  private final String caseId;
  private final String kind;
  private final @Nullable String orgId;
  private final List<DeletionNote> earlier = new ArrayList<>();
  private final int attempt;

  AttemptNotes(EventContext context, OffboardingEvent event, @Nullable String orgId) {
    this.notes = context.notes();
    this.caseId = context.coordinates().caseId();
    this.kind = event.type().word();
    this.orgId = orgId;
    int last = 0;
    for (byte[] bytes : notes.earlier()) {
      Optional<DeletionNote> note = DeletionNote.read(bytes);
      if (note.isEmpty()) {
        context
            .log()
            .line(
                LOG,
                Level.ERROR,
                "a note of an earlier attempt cannot be read, so what it deleted may go unnamed; it"
                    + " has {} bytes",
                bytes.length);
      } else if (note.get().caseId().equals(caseId) && note.get().look() == notes.look()) {
        earlier.add(note.get());
        last = Math.max(last, note.get().attempt());
      }
    }
    this.attempt = last + 1;
  }

  /** Nothing may be done, because it could not be written down. */
  static final class NotNotedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotNotedException(Throwable cause) {
      super("what was to be deleted could not be written down: " + cause.getMessage(), cause);
    }
  }

  /** Nothing may be done before a person has looked. */
  static final class HeldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int deletions;

    HeldException(int deletions) {
      super("held", null, false, false);
      this.deletions = deletions;
    }

    /** How many authorizations were about to be deleted; 0 where it is not known. */
    int deletions() {
      return deletions;
    }
  }

  /** What earlier attempts were about to delete, the oldest first. */
  List<DeletionNote> earlier() {
    return earlier;
  }

  /** Notes authorizations of a person that are to go; fails as {@link #app} does. */
  Future<?> person(List<Deletion> deletions) {
    Future<?> noted = Future.succeededFuture();
    for (int from = 0; from < deletions.size(); from += MOST_IN_ONE) {
      List<Deletion> some = deletions.subList(from, Math.min(deletions.size(), from + MOST_IN_ONE));
      noted = noted.compose(before -> append(null, null, some));
    }
    return noted;
  }

  /**
   * Notes that an app's authorizations are to go; fails with {@link NotNotedException}, or with
   * {@link HeldException} if they may not.
   */
  Future<?> app(String clientId, String trackingId) {
    return append(clientId, trackingId, List.of());
  }

  private Future<?> append(
      @Nullable String clientId, @Nullable String trackingId, List<Deletion> deletions) {
    DeletionNote note =
        new DeletionNote(
            caseId,
            kind,
            notes.look(),
            notes.released(),
            attempt,
            orgId,
            clientId,
            trackingId,
            deletions);
    return notes
        .append()
        .apply(note.write())
        .recover(cause -> Future.failedFuture(new NotNotedException(cause)))
        .compose(
            mayGo ->
                mayGo
                    ? Future.succeededFuture()
                    : Future.failedFuture(new HeldException(deletions.size())));
  }
}
