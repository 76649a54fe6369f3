package io.offboarder.cases;

/**
 * What a person says of a case that is held.
 *
 * @param release whether it is to be done; if not, it is discarded
 * @param by who says so
 * @param reason why, in that person's words
 * @param command the id of the command that says so
 */
public record PersonsWord(boolean release, String by, String reason, String command) {}
