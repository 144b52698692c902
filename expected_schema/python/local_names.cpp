#include "expected_schema/python/local_names.h"

#include <vector>

namespace driftd::python {
namespace {

class Collector {
 public:
  explicit Collector(const Tree& tree) : tree_(tree) {}

  LocalNames collect(const Node& body) {
    std::vector<const Node*> open{&body};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      note(node);
      // What stands inside has names of its own.
      if (node.kind == Kind::Definition || node.kind == Kind::ClassDefinition ||
          node.kind == Kind::Lambda) {
        continue;
      }
      open.insert(open.end(), node.children.begin(), node.children.end());
    }
    for (const std::string& name : names_.globals) names_.own.erase(name);
    for (const std::string& name : names_.nonlocals) names_.own.erase(name);
    return std::move(names_);
  }

 private:
  void note(const Node& node) {
    switch (node.kind) {
      case Kind::Assignment:
      case Kind::AugmentedAssignment:
      case Kind::For:
        targets(*node.child("left"));
        break;
      case Kind::AsPatternTarget:
      case Kind::Delete:
        for (const Node* one : node.named()) targets(*one);
        break;
      case Kind::Named:
      case Kind::Definition:
      case Kind::ClassDefinition:
        own(*node.child("name"));
        break;
      case Kind::Import:
      case Kind::ImportFrom:
        for (const Node* one : node.children) {
          if (one->field != "name") continue;
          own(one->kind == Kind::AliasedImport ? *one->child("alias") : *one->children.front());
        }
        break;
      case Kind::Global:
        for (const Node* name : node.named()) names_.globals.emplace(tree_.text(*name));
        break;
      case Kind::Nonlocal:
        for (const Node* name : node.named()) names_.nonlocals.emplace(tree_.text(*name));
        break;
      default:
        break;
    }
  }

  /// The names at the left of an assignment; `a.x` and `a["x"]` bind none.
  void targets(const Node& left) {
    std::vector<const Node*> open{&left};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      switch (node.kind) {
        case Kind::Identifier:
          own(node);
          break;
        case Kind::PatternList:
        case Kind::TuplePattern:
        case Kind::ListPattern:
        case Kind::ListSplatPattern:
        case Kind::ListSplat:
        case Kind::Tuple:
        case Kind::ListDisplay:
        case Kind::ExpressionList:
        case Kind::Parenthesized:
          open.insert(open.end(), node.children.begin(), node.children.end());
          break;
        default:
          break;
      }
    }
  }

  void own(const Node& name) {
    if (name.kind == Kind::Identifier) names_.own.emplace(tree_.text(name));
  }

  const Tree& tree_;
  LocalNames names_;
};

}  // namespace

LocalNames local_names(const Node& body, const Tree& tree) {
  return Collector(tree).collect(body);
}

}  // namespace driftd::python
