package io.offboarder.event;

import java.util.ArrayList;
import java.util.List;

/**
 * What was understood though it was not as documented, and what is therefore left out or changed
 * where the event is shown. Names fields and says what they were; shows nothing that was in them.
 */
final class Notes {
  /** An event that is this odd needs no longer list. */
  private static final int MOST = 20;

  private final List<String> notes = new ArrayList<>();

  /** Nothing noted yet. */
  Notes() {}

  /** Notes that begin with this one. */
  Notes(String first) {
    notes.add(first);
  }

  void add(String field, String note) {
    String whole = field + " " + note;
    if (notes.size() < MOST && !notes.contains(whole)) {
      notes.add(whole);
    }
  }

  List<String> list() {
    return List.copyOf(notes);
  }
}
