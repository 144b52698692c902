#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// YAML as a tree that remembers where each thing stands and who was written twice, which
/// yaml-cpp's own nodes forget.
namespace driftd::yaml {

struct Mark {
  int line = 0;  ///< from 1
  int column = 0;

  friend auto operator<=>(const Mark&, const Mark&) = default;
};

struct Entry;

struct Node {
  enum class Kind { Null, Scalar, Sequence, Map };

  Kind kind = Kind::Null;
  Mark mark;
  std::string text;  ///< of a scalar
  std::vector<std::shared_ptr<const Node>> items;
  std::vector<Entry> entries;  ///< in the order of the file, each key once
};

struct Entry {
  std::string key;
  Mark mark;  ///< of the key: a block sequence's own mark is its first line
  std::shared_ptr<const Node> value;
};

using Complain = std::function<void(Mark, std::string)>;

/// The one document of a text; a null node for an empty or broken one. Complains of syntax, of keys
/// that stand twice, of keys that are no plain text and of a second document. An alias shares its
/// anchor's node, so nothing grows by aliases of aliases.
std::shared_ptr<const Node> parse(const std::string& text, const Complain& complain);

}  // namespace driftd::yaml
