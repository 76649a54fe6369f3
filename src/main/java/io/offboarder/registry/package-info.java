/**
 * The schemas of a registry, and the records that cannot be read without them: behind five bytes
 * with the schema's number, Avro becomes JSON.
 */
@NullMarked
package io.offboarder.registry;

import org.jspecify.annotations.NullMarked;
