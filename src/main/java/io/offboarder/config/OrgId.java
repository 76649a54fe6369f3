package io.offboarder.config;

/** The id of an org of Webex's; never blank. */
public record OrgId(String value) {}
