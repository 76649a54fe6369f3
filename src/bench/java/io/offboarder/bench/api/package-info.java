/**
 * The API that contenders call: the part of the sandbox's contract that a benchmark needs, lean
 * enough not to be what is measured, and a watch over what is asked of it and what that costs.
 */
package io.offboarder.bench.api;
