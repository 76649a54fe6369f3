package io.offboarder.yaml;

import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Builds plain values alone, and refuses keys that are no texts: a key that is a map or a list has
 * to be hashed, which has no end where an alias in it stands for what it is in.
 */
final class TextKeys extends SafeConstructor {

  private static final class OddKeyException extends MarkedYAMLException {
    private static final long serialVersionUID = 1L;

    OddKeyException(Node section, Node key) {
      super(
          "while reading a section",
          section.getStartMark(),
          "the name of a member is no text",
          key.getStartMark());
    }
  }

  TextKeys(LoaderOptions options) {
    super(options);
  }

  @Override
  protected void constructMapping2ndStep(MappingNode node, Map<Object, Object> mapping) {
    refuseOtherKeys(node);
    super.constructMapping2ndStep(node, mapping);
  }

  @Override
  protected void constructSet2ndStep(MappingNode node, Set<Object> set) {
    refuseOtherKeys(node);
    super.constructSet2ndStep(node, set);
  }

  private static void refuseOtherKeys(MappingNode node) {
    for (NodeTuple member : node.getValue()) {
      Node key = member.getKeyNode();
      if (!(key instanceof ScalarNode)) {
        throw new OddKeyException(node, key);
      }
    }
  }
}
