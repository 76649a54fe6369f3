/**
 * Any sender's form to our event, by rules that the configuration gives: which record is about
 * what, and where in it whom, what and when is said. Publishes nothing and asks nobody.
 */
@NullMarked
package io.offboarder.intake;

import org.jspecify.annotations.NullMarked;
