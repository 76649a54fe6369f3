package io.offboarder.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a record's component a setting, and says what its value, or each in a list, must be. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Constraint {
  ValueConstraint value();

  /** The value that no source needs to set, as it would be written; empty for none. */
  String byDefault() default "";
}
