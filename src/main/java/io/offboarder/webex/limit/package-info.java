/**
 * The arithmetic of going slower: rate, concurrency, pauses and back-off. It knows no other room.
 */
@NullMarked
package io.offboarder.webex.limit;

import org.jspecify.annotations.NullMarked;
