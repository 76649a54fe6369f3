package io.offboarder.intake;

/** Whether a rule reads security event tokens, and who says that they are real. */
enum Tokens {
  /** It reads none. */
  NONE,
  /** It does; their signatures are checked. */
  SIGNED,
  /** It does, on a topic that is trusted as it is. */
  TRUSTED
}
