#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expected_schema/python/interpreter.h"

/// The statements of a module, of which one that cannot be evaluated need not end the reading.
namespace driftd::python {
namespace {

bool is_docstring(const Node& statement) {
  if (statement.kind != Kind::ExpressionStatement || statement.children.empty()) return false;
  const Kind kind = statement.children.front()->kind;
  return kind == Kind::String || kind == Kind::ConcatenatedString;
}

}  // namespace

std::vector<std::string> Interpreter::poison(const Node& statement, const Error& error) {
  std::vector<std::string> names;
  const auto shared = std::make_shared<const Error>(error);
  std::vector<const Node*> open{&statement};
  const auto mark = [&](const Node& name) {
    names.emplace_back(source(name));
    frame_->scope->names[names.back()] = {Value(), place(statement), shared};
  };
  // Names that are bound, not those that are only read: what stands at the left of something.
  const auto targets = [&](const Node& left) {
    std::vector<const Node*> inner{&left};
    while (!inner.empty()) {
      const Node& node = *inner.back();
      inner.pop_back();
      if (node.kind == Kind::Identifier) mark(node);
      const bool pattern = node.kind == Kind::PatternList || node.kind == Kind::TuplePattern ||
                           node.kind == Kind::ListPattern || node.kind == Kind::Tuple ||
                           node.kind == Kind::ListDisplay || node.kind == Kind::ListSplatPattern ||
                           node.kind == Kind::AsPatternTarget;
      if (pattern) inner.insert(inner.end(), node.children.begin(), node.children.end());
      // `a["x"] = ...` and `a.x = ...` leave `a` half made
      const Node* object = &node;
      while (object->kind == Kind::Subscript || object->kind == Kind::AttributeAccess) {
        object = object->child(object->kind == Kind::Subscript ? "value" : "object");
        if (object->kind == Kind::Identifier) mark(*object);
      }
    }
  };
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    if (const Node* left = node.child("left")) {
      if (node.kind != Kind::Binary && node.kind != Kind::Boolean) targets(*left);
    }
    if (node.kind == Kind::AsPattern) targets(*node.child("alias"));
    if (node.kind == Kind::Named) mark(*node.child("name"));
    if (node.kind == Kind::Definition || node.kind == Kind::ClassDefinition) {
      mark(*node.child("name"));
      continue;
    }
    if (node.kind == Kind::AliasedImport) {
      mark(*node.child("alias"));
      continue;
    }
    if (node.kind == Kind::DottedName && node.field == "name") mark(*node.children.front());
    open.insert(open.end(), node.children.begin(), node.children.end());
  }
  return names;
}

void Interpreter::execute_top_level() {
  const Node& root = current_module()->tree->root();
  // Whether a statement does something but bind names: then its failure may not be put off.
  const auto has_effect = [](const Node& statement) {
    std::vector<const Node*> open{&statement};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      if (node.kind == Kind::Definition || node.kind == Kind::ClassDefinition) continue;
      if (node.kind == Kind::Raise || node.kind == Kind::Assert || node.kind == Kind::Delete ||
          node.type == "print_statement" || node.type == "exec_statement") {
        return true;
      }
      if (node.kind == Kind::ExpressionStatement && !is_docstring(node) &&
          node.children.front()->kind != Kind::Assignment &&
          node.children.front()->kind != Kind::AugmentedAssignment) {
        return true;
      }
      open.insert(open.end(), node.children.begin(), node.children.end());
    }
    return false;
  };
  // A module that is only imported may do what it likes: what it does to its own values is unknown
  // then. The first one loaded is the one that is asked for.
  const bool imported = modules_.size() > 1;
  const auto poison_touched = [&](const Node& statement, const Error& error) {
    const auto shared = std::make_shared<const Error>(error);
    std::vector<const Node*> open{&statement};
    while (!open.empty()) {
      const Node& node = *open.back();
      open.pop_back();
      open.insert(open.end(), node.children.begin(), node.children.end());
      if (node.kind != Kind::Identifier) continue;
      const auto found = frame_->scope->names.find(std::string(source(node)));
      if (found == frame_->scope->names.end()) continue;
      const Value& value = found->second.value;
      const bool may_change = value.get_if<List>() != nullptr || value.get_if<Dict>() != nullptr ||
                              value.get_if<Set>() != nullptr ||
                              value.get_if<std::shared_ptr<Instance>>() != nullptr;
      if (may_change) found->second.poison = shared;
    }
  };
  bool first = true;
  for (const Node* statement : root.children) {
    if (statement->kind == Kind::Token) continue;
    if (std::exchange(first, false) && is_docstring(*statement)) {
      bind("__doc__", evaluate(*statement->children.front()), place(*statement));
      continue;
    }
    try {
      execute(*statement);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps) throw;
      if (has_effect(*statement)) {
        if (!imported) throw;
        poison_touched(*statement, error);
      }
      poison(*statement, error);
      host_.statement_failed(source(*statement), place(*statement), error);
    } catch (const Raised& raised) {
      if (has_effect(*statement) && !imported) throw;
      const Error error(Reason::NotUnderstood,
                        fmt::format("the code raises {}", exception_text(raised.exception)),
                        "It would fail here when it runs, too; correct it.", raised.place);
      poison(*statement, error);
      host_.statement_failed(source(*statement), place(*statement), error);
    }
  }
}

}  // namespace driftd::python
