#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/at_end.h"
#include "expected_schema/python/interpreter.h"

namespace driftd::python {

Interpreter::Flow Interpreter::execute_block(const Node& block) {
  const Deeper deeper(*this, block);
  for (const Node* statement : block.children) {
    if (statement->kind == Kind::Token) continue;
    const Flow flow = execute(*statement);
    if (flow != Flow::Normal) return flow;
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute(const Node& node) {
  step(node);
  switch (node.kind) {
    case Kind::ExpressionStatement: {
      const auto parts = node.named();
      if (parts.size() == 1 && parts.front()->kind == Kind::Assignment) {
        assigned(*parts.front());
      } else if (parts.size() == 1 && parts.front()->kind == Kind::AugmentedAssignment) {
        augmented(*parts.front());
      } else {
        for (const Node* part : parts) {
          if (part->kind == Kind::Call) discarded_ = {part, frame_->module->tree.get()};
          evaluate(*part);
        }
      }
      return Flow::Normal;
    }
    case Kind::Return: {
      const auto parts = node.named();
      Value result = parts.empty() ? Value() : evaluate(*parts.front());
      frame_->result = std::move(result);
      return Flow::Return;
    }
    case Kind::Pass:
      return Flow::Normal;
    case Kind::Break:
      return Flow::Break;
    case Kind::Continue:
      return Flow::Continue;
    case Kind::If:
      return execute_if(node);
    case Kind::For:
      return execute_for(node);
    case Kind::While:
      return execute_while(node);
    case Kind::Try:
      return execute_try(node);
    case Kind::With: {
      if (node.has_token("async")) refuse(place(node), "`async with` is not supported");
      std::vector<const Node*> items;
      for (const Node* child : node.children) {
        if (child->kind != Kind::WithClause) continue;
        for (const Node* item : child->named()) items.push_back(item);
      }
      return execute_with(node, items, 0);
    }
    case Kind::Definition:
      bind(std::string(source(*node.child("name"))), define(node), place(node));
      return Flow::Normal;
    case Kind::ClassDefinition:
      bind(std::string(source(*node.child("name"))), define_class(node), place(node));
      return Flow::Normal;
    case Kind::Decorated: {
      std::vector<std::pair<Value, const Node*>> decorators;
      for (const Node* child : node.children) {
        if (child->kind == Kind::Decorator) {
          decorators.emplace_back(evaluate(*child->named().front()), child);
        }
      }
      const Node& definition = *node.child("definition");
      std::vector<Value> outermost_first;
      for (const auto& [decorator, at] : decorators) outermost_first.push_back(decorator);
      Value made = definition.kind == Kind::ClassDefinition
                       ? define_class(definition, std::move(outermost_first))
                       : define(definition);
      for (auto at = decorators.rbegin(); at != decorators.rend(); ++at) {
        made = decorate(std::move(made), at->first, place(*at->second));
      }
      bind(std::string(source(*definition.child("name"))), std::move(made), place(definition));
      return Flow::Normal;
    }
    case Kind::Import:
      import(node);
      return Flow::Normal;
    case Kind::ImportFrom:
      import_from(node);
      return Flow::Normal;
    case Kind::FutureImport:
      return Flow::Normal;
    case Kind::Assert:
      execute_assert(node);
      return Flow::Normal;
    case Kind::Raise:
      execute_raise(node);
      return Flow::Normal;
    case Kind::Delete:
      for (const Node* target : node.named()) remove(*target);
      return Flow::Normal;
    case Kind::Global:
      for (const Node* name : node.named()) frame_->scope->globals.emplace(source(*name));
      return Flow::Normal;
    case Kind::Nonlocal:
      for (const Node* name : node.named()) frame_->scope->nonlocals.emplace(source(*name));
      return Flow::Normal;
    default:
      break;
  }
  if (node.type == "match_statement") return execute_match(node);
  if (node.type == "type_alias_statement") {
    define_alias(node);
    return Flow::Normal;
  }
  if (node.type == "print_statement" || node.type == "exec_statement") {
    refuse(place(node),
           fmt::format("`{}` as a statement is Python 2",
                       node.type == "print_statement" ? "print" : "exec"),
           "Only Python 3 is read.");
  }
  const std::string_view shown = source(node);
  refuse(place(node),
         fmt::format("the statement `{}` is not supported",
                     shown.substr(0, std::min(shown.find_first_of(" :\n"), std::size_t{40}))));
}

Interpreter::Flow Interpreter::execute_if(const Node& node) {
  std::vector<const Node*> branches{&node};
  for (const Node* branch : node.children) {
    if (branch->kind == Kind::Elif || branch->kind == Kind::Else) branches.push_back(branch);
  }
  return execute_branches(node, branches, 0);
}

Interpreter::Flow Interpreter::execute_branches(const Node& node,
                                                const std::vector<const Node*>& branches,
                                                std::size_t at) {
  if (at == branches.size()) return Flow::Normal;
  const Node& branch = *branches[at];
  if (branch.kind == Kind::Else) return execute_block(*branch.child("body"));
  const Node& condition = *branch.child("condition");
  const Node& consequence = *branch.child("consequence");
  const auto other = [&] { return execute_branches(node, branches, at + 1); };
  Why why;
  const auto holds = known_truth(evaluate(condition), place(condition), why);
  if (holds) return *holds ? execute_block(consequence) : other();
  const Deeper deeper(*this, branch);
  const Maybe first = maybe(why, [&] { return execute_block(consequence); });
  if (first.raised) return other();
  const Maybe second = maybe(why, other);
  if (second.raised) return execute_block(consequence);
  if (first.flow == second.flow) {
    if (first.flow == Flow::Return) frame_->uncertain = why;
    return first.flow;
  }
  lingering(first.flow, why);
  return lingering(second.flow, why);
}

Interpreter::Flow Interpreter::execute_for(const Node& node) {
  if (node.has_token("async")) refuse(place(node), "`async for` is not supported");
  const Node& right = *node.child("right");
  const Next next = iterate(evaluate(right), place(right));
  const AtEnd ended([this, before = frame_->loop_regions.size()] {
    close_regions(frame_->loop_regions, before);
  });
  while (auto item = next()) {
    step(node);
    if (const Why why = may_be_absent(*item)) {
      const Maybe once = maybe(why, [&] {
        assign(*node.child("left"), one_of(std::move(*item)));
        return execute_block(*node.child("body"));
      });
      if (once.flow == Flow::Break || once.flow == Flow::Return) lingering(once.flow, why);
      continue;
    }
    assign(*node.child("left"), std::move(*item));
    const Flow flow = execute_block(*node.child("body"));
    if (flow == Flow::Break) return Flow::Normal;
    if (flow == Flow::Return) return flow;
  }
  if (const Node* otherwise = node.child("alternative")) {
    return execute_block(*otherwise->child("body"));
  }
  return Flow::Normal;
}

Interpreter::Flow Interpreter::execute_while(const Node& node) {
  const Node& condition = *node.child("condition");
  const std::size_t breaks = frame_->loop_regions.size();
  const std::size_t returns = frame_->regions.size();
  const AtEnd ended([this, before = frame_->loop_regions.size()] {
    close_regions(frame_->loop_regions, before);
  });
  while (true) {
    Why why;
    const auto holds = known_truth(evaluate(condition), place(condition), why);
    if (holds == false) break;
    step(node);
    if (!holds) {
      const Maybe once = maybe(why, [&] { return execute_block(*node.child("body")); });
      if (once.flow == Flow::Break || once.flow == Flow::Return) lingering(once.flow, why);
      break;
    }
    const Flow flow = execute_block(*node.child("body"));
    if (flow == Flow::Break) return Flow::Normal;
    if (flow == Flow::Return) return flow;
    // A `break` or `return` that may have been taken ends the loop, or it never ends.
    if (frame_->loop_regions.size() > breaks || frame_->regions.size() > returns) {
      return Flow::Normal;
    }
  }
  if (const Node* otherwise = node.child("alternative")) {
    return execute_block(*otherwise->child("body"));
  }
  return Flow::Normal;
}

}  // namespace driftd::python
