/**
 * The verticle: bytes in, decode, revoke, bytes out, as one future per record. Joins the engine,
 * which knows nothing of people, with the rooms that know nothing of Kafka's transactions.
 */
@NullMarked
package io.offboarder.service;

import org.jspecify.annotations.NullMarked;
