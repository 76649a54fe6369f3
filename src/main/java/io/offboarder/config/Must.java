package io.offboarder.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a setting's value must be; on a list, what each of its elements must be. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Must {
  Rule value();
}
