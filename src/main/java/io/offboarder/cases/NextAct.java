package io.offboarder.cases;

import java.time.Instant;

/** What is to be done next about a case that waits. */
public sealed interface NextAct {

  /** Nothing before this moment. */
  record Wait(Instant due) implements NextAct {}

  /** Nothing before another case has ended. */
  record WaitForOthers() implements NextAct {}

  /** Nothing before a person has said what. */
  record WaitForPerson() implements NextAct {}

  /** A person has: it is done, or it is not. */
  record Obey(PersonsWord word) implements NextAct {}

  /** Its time has come: what the event asks for, or the second look. */
  record Perform() implements NextAct {}

  /** It is not done, and ends so; of a case that is done already, no look is taken any more. */
  record Cancel(Cancellation cancellation) implements NextAct {}

  /** A rescind ends: everything that it takes back has ended. */
  record Conclude() implements NextAct {}

  /** A rescind that has ended is kept no longer. */
  record Drop() implements NextAct {}
}
