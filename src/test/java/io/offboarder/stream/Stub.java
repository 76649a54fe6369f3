package io.offboarder.stream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes an implementation of a large interface out of an object that has the few methods that are
 * called. Where it lacks one, a second object is asked, and where there is none, the call fails.
 */
final class Stub {
  private static final ClassValue<Map<Method, Optional<Method>>> METHODS =
      new ClassValue<>() {
        @Override
        protected Map<Method, Optional<Method>> computeValue(Class<?> type) {
          Map<Method, Optional<Method>> methods = new HashMap<>();
          for (Class<?> api : KafkaInterfaces.ALL) {
            for (Method method : api.getMethods()) {
              methods.put(method, counterpart(type, method));
            }
          }
          return methods;
        }
      };

  private Stub() {}

  /** The interfaces that are stubbed. */
  private static final class KafkaInterfaces {
    static final Class<?>[] ALL = {
      org.apache.kafka.clients.consumer.Consumer.class,
      org.apache.kafka.clients.producer.Producer.class,
      GroupAdmin.class
    };
  }

  static <T> T of(Class<T> api, Object target) {
    return of(api, target, null);
  }

  /** What {@code first} does not have, {@code second} does. */
  static <T> T of(Class<T> api, Object first, T second) {
    Map<Method, Optional<Method>> methods = METHODS.get(first.getClass());
    return api.cast(
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (proxy, method, args) -> {
              Optional<Method> own = methods.getOrDefault(method, Optional.empty());
              try {
                if (own.isPresent()) {
                  return own.get().invoke(first, args);
                }
                if (second != null) {
                  return method.invoke(second, args);
                }
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              throw new UnsupportedOperationException("not simulated: " + method);
            }));
  }

  private static Optional<Method> counterpart(Class<?> type, Method method) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(own -> own.getName().equals(method.getName()))
        .filter(own -> Arrays.equals(own.getParameterTypes(), method.getParameterTypes()))
        .filter(own -> !own.isBridge())
        .peek(own -> own.setAccessible(true))
        .findFirst();
  }
}
