// The match statement: https://docs.python.org/3/reference/compound_stmts.html#the-match-statement
#include <fmt/format.h>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

Interpreter::Flow Interpreter::execute_match(const Node& node) {
  std::vector<Value> subjects;
  for (const Node* child : node.children) {
    if (child->field == "subject") subjects.push_back(evaluate(*child));
  }
  const Value subject = subjects.size() == 1 ? subjects.front() : tuple_of(std::move(subjects));
  for (const Node* clause : node.child("body")->named()) {
    if (clause->type != "case_clause") continue;
    std::vector<const Node*> patterns;
    for (const Node* part : clause->named()) {
      if (part->type == "case_pattern") patterns.push_back(part);
    }
    Captures captures;
    const bool holds = patterns.size() == 1 ? matches(*patterns.front(), subject, captures)
                                            : match_sequence(*clause, patterns, subject, captures);
    if (!holds) continue;
    for (auto& [name, value] : captures) bind(name, std::move(value), place(*clause));
    if (const Node* guard = clause->child("guard")) {
      if (!truth(evaluate(*guard->named().front()), place(*guard))) continue;
    }
    return execute_block(*clause->child("consequence"));
  }
  return Flow::Normal;
}

bool Interpreter::match_sequence(const Node& node, const std::vector<const Node*>& patterns,
                                 const Value& subject, Captures& captures) {
  const Value& plain = unwrapped(subject);
  const auto* list = plain.get_if<List>();
  const auto* tuple = plain.get_if<Tuple>();
  if (list == nullptr && tuple == nullptr) {
    if (is_symbolic(subject) || subject.unknown() != nullptr) {
      refuse(place(node), fmt::format("cannot tell whether `{}` matches", describe(subject)));
    }
    return false;
  }
  const std::vector<Value> items = list != nullptr ? **list : *tuple->items;
  for (const Node* pattern : patterns) {
    const auto parts = pattern->named();
    if (pattern->type == "splat_pattern" ||
        (!parts.empty() && parts.front()->type == "splat_pattern")) {
      refuse(place(*pattern), "a pattern with `*` is not supported");
    }
  }
  if (items.size() != patterns.size()) return false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!matches(*patterns[i], items[i], captures)) return false;
  }
  return true;
}

bool Interpreter::matches(const Node& pattern, const Value& subject, Captures& captures) {
  const Deeper deeper(*this, pattern);
  step(pattern);
  const auto same = [&](const Value& value) {
    const auto result = equal(subject, value, place(pattern));
    if (!result) {
      refuse(place(pattern), fmt::format("cannot tell whether `{}` matches `{}`", describe(subject),
                                         source(pattern)));
    }
    return *result;
  };
  const std::string_view type = pattern.type;
  if (type == "case_pattern") {
    const auto parts = pattern.named();
    if (parts.empty()) return true;  // `_`
    if (pattern.has_token("-")) return same(unary("-", evaluate(*parts.front()), place(pattern)));
    return matches(*parts.front(), subject, captures);
  }
  if (type == "dotted_name" || type == "identifier") {
    const std::string name(source(pattern));
    if (name == "_") return true;
    const auto dot = name.find('.');
    if (dot == std::string::npos) {
      captures[name] = subject;
      return true;
    }
    Value value = lookup(name.substr(0, dot), pattern);
    std::string rest = name.substr(dot + 1);
    while (true) {
      const auto next = rest.find('.');
      value = attribute(value, rest.substr(0, next), place(pattern));
      if (next == std::string::npos) return same(value);
      rest.erase(0, next + 1);
    }
  }
  if (type == "union_pattern") {
    for (const Node* one : pattern.named()) {
      if (matches(*one, subject, captures)) return true;
    }
    return pattern.has_token("_");
  }
  if (type == "list_pattern" || type == "tuple_pattern") {
    return match_sequence(pattern, pattern.named(), subject, captures);
  }
  if (type == "as_pattern") {
    const auto parts = pattern.named();
    if (!matches(*parts.front(), subject, captures)) return false;
    captures[std::string(source(*parts.back()))] = subject;
    return true;
  }
  if (type == "class_pattern") {
    const auto parts = pattern.named();
    if (parts.size() != 1) {
      refuse(place(pattern), "a pattern that looks into an object is not supported");
    }
    return is_instance(subject, lookup(std::string(source(*parts.front())), pattern),
                       place(pattern));
  }
  switch (pattern.kind) {
    case Kind::None:
      if (is_symbolic(subject) || subject.unknown() != nullptr) return same({});
      return subject.is_none();
    case Kind::String:
    case Kind::ConcatenatedString:
    case Kind::Integer:
    case Kind::Float:
    case Kind::True:
    case Kind::False:
      return same(evaluate(pattern));
    default:
      refuse(place(pattern), fmt::format("the pattern `{}` is not supported", source(pattern)));
  }
}

}  // namespace driftd::python
