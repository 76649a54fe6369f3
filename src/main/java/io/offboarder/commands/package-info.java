/**
 * What people say to a group of services: they write it on a topic, which every instance reads in
 * its order. Who may say it is Kafka's to decide.
 */
@NullMarked
package io.offboarder.commands;

import org.jspecify.annotations.NullMarked;
