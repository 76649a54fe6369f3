/**
 * How people are named to whoever may read logs or outcomes without learning who they are about.
 * Knows no other room.
 */
@NullMarked
package io.offboarder.privacy;

import org.jspecify.annotations.NullMarked;
