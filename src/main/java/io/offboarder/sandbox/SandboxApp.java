package io.offboarder.sandbox;

/** An app that people authorize. */
public record SandboxApp(String clientId, String name) {}
