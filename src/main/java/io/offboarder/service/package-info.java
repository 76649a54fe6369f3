/** The verticle: bytes in, decode, revoke, bytes out, as one future per record. */
@NullMarked
package io.offboarder.service;

import org.jspecify.annotations.NullMarked;
