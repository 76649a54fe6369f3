package io.offboarder.sandbox;

/**
 * An authorization that was deleted, as Cisco's audit log would know it: by its id and the
 * request's tracking id.
 */
public record SandboxDeletion(SandboxAuthorization authorization, String trackingId) {}
