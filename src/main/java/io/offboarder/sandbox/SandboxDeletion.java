package io.offboarder.sandbox;

import java.time.Instant;

/**
 * An authorization that was deleted, as Cisco's audit log would know it: by its id, the request's
 * tracking id, and when.
 */
public record SandboxDeletion(
    SandboxAuthorization authorization, String trackingId, Instant deletedAt) {}
