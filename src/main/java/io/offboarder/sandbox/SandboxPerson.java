package io.offboarder.sandbox;

/** Somebody in the sandbox. */
public record SandboxPerson(String id, String email, String orgId) {}
