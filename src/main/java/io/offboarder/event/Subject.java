package io.offboarder.event;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whom or what an event names; of an event that was not understood, as much as is well-formed. */
public sealed interface Subject {

  /** Nothing is known. */
  Subject UNKNOWN = new Unnamed(null);

  /** What stands for it as a key, whichever event names it; null if nothing does. */
  @Nullable String key();

  /** The org; null where none was named. */
  @Nullable Identifier orgId();

  /**
   * A person. At least one of id and e-mail address is there.
   *
   * @param orgId for the record only: the API finds a person without it
   */
  record Person(
      @Nullable Identifier personId, @Nullable String personEmail, @Nullable Identifier orgId)
      implements Subject {

    /** Checks that the person is named. */
    public Person {
      if (personId == null && personEmail == null) {
        throw new IllegalArgumentException("neither personId nor personEmail");
      }
    }

    /** The id, else the e-mail address in lower case. */
    @Override
    public String key() {
      return personId != null
          ? personId.value()
          : Objects.requireNonNull(personEmail).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An app in an org.
   *
   * @param clientId its OAuth client id
   * @param orgId whose authorizations of it are to go; null only where the event was not understood
   * @param applicationName for people
   */
  record App(String clientId, @Nullable Identifier orgId, @Nullable String applicationName)
      implements Subject {

    @Override
    public String key() {
      return clientId;
    }
  }

  /** Neither a person nor an app could be read. */
  record Unnamed(@Nullable Identifier orgId) implements Subject {

    @Override
    public @Nullable String key() {
      return null;
    }
  }
}
