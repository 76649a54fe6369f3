package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What the commands in docs/DEPLOYING.md allow; read as {@code kafka-acls.sh} would read them. */
public final class DocumentedAcls {
  private DocumentedAcls() {}

  /** All of them, for this user. */
  public static List<AclBinding> of(String user) {
    try {
      return Files.readAllLines(Path.of("docs/DEPLOYING.md")).stream()
          .filter(line -> line.startsWith("acl --"))
          .flatMap(line -> bindings(line, user).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of them: a user's operation on a resource of exactly this name. */
  public static AclBinding one(
      String user, AclOperation operation, ResourceType type, String name) {
    return binding(new ResourcePattern(type, name, PatternType.LITERAL), operation, user);
  }

  private static List<AclBinding> bindings(String line, String user) {
    List<AclOperation> operations = new ArrayList<>();
    List<ResourcePattern> resources = new ArrayList<>();
    PatternType pattern =
        line.contains("--resource-pattern-type prefixed")
            ? PatternType.PREFIXED
            : PatternType.LITERAL;
    String[] words = line.replaceAll("#.*", "").strip().split("\\s+", -1);
    for (int i = 1; i < words.length; i++) {
      switch (words[i]) {
        case "--operation" -> operations.add(AclOperation.fromString(words[++i]));
        case "--cluster" ->
            resources.add(new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", pattern));
        case "--resource-pattern-type" -> i++;
        case "--topic", "--group", "--transactional-id" -> {
          String type = words[i].substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
          resources.add(new ResourcePattern(ResourceType.valueOf(type), words[++i], pattern));
        }
        default -> throw new AssertionError("unknown: " + words[i] + " in " + line);
      }
    }
    return resources.stream()
        .flatMap(resource -> operations.stream().map(one -> binding(resource, one, user)))
        .toList();
  }

  private static AclBinding binding(ResourcePattern resource, AclOperation operation, String user) {
    return new AclBinding(
        resource, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }
}
