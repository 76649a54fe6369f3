/**
 * What Offboarder is measured against: each a program of its own that does the same work per event
 * in another well-known way.
 */
package io.offboarder.bench.contender;
