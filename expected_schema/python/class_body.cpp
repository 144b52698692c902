#include "expected_schema/python/class_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

std::optional<ClassBody> Interpreter::body_of(const Value& value) const {
  const auto* found = value.get_if<std::shared_ptr<Class>>();
  if (found == nullptr || !(*found)->module) return std::nullopt;
  const Class& type = **found;
  ClassBody body;
  body.name = type.name;
  body.module = type.module->name;
  body.place = type.place;
  body.line.push_back(value);
  for (const auto& base : type.line) {
    if (!base->builtin) body.line.emplace_back(base);
  }
  body.bases = type.written_bases;
  body.keywords = type.keywords;
  body.decorators = type.decorators;
  body.failed = type.failed;
  body.by_metaclass = type.by_metaclass;
  const auto annotation = [&](const std::string& name) -> const Node* {
    const auto at =
        std::ranges::find(type.annotations, name, [](const auto& a) { return a.first; });
    return at == type.annotations.end() ? nullptr : at->second;
  };
  const auto entry = [&](const std::string& name, std::optional<Value> given) {
    ClassBody::Entry made;
    made.name = name;
    made.value = std::move(given);
    if (const auto method = type.methods.find(name); method != type.methods.end()) {
      made.method = true;
      made.decorators = method->second;
    }
    if (const Node* written = annotation(name)) {
      made.annotated = true;
      made.place = type.module->tree->place(*written);
    }
    if (type.body) {
      const auto bound = type.body->names.find(name);
      if (bound != type.body->names.end()) made.place = bound->second.place;
    }
    return made;
  };
  for (const auto& [name, given] : type.attributes) body.entries.push_back(entry(name, given));
  for (const auto& [name, error] : type.poisoned) {
    body.entries.push_back(entry(name, std::nullopt));
    body.entries.back().poison = error;
  }
  for (const auto& [name, written] : type.annotations) {
    const auto there = [&, key = name](const auto& one) { return one.name == key; };
    if (std::ranges::any_of(body.entries, there)) continue;
    body.entries.push_back(entry(name, std::nullopt));
  }
  std::ranges::stable_sort(body.entries, [](const auto& a, const auto& b) {
    // What was set from outside has no place of its own.
    return std::tuple(a.place.line == 0, a.place.line, a.place.column) <
           std::tuple(b.place.line == 0, b.place.line, b.place.column);
  });
  for (ClassBody::Entry& one : body.entries) {
    if (one.place.line == 0) one.place = type.place;
  }
  return body;
}

std::optional<Value> Interpreter::annotation_of(const Value& value, const std::string& name) {
  const auto* found = value.get_if<std::shared_ptr<Class>>();
  if (found == nullptr || !(*found)->module) return std::nullopt;
  const Class& type = **found;
  const auto written =
      std::ranges::find(type.annotations, name, [](const auto& a) { return a.first; });
  if (written == type.annotations.end()) return std::nullopt;
  const Tree& tree = *type.module->tree;
  return annotation_text(tree.text(*written->second), type.module, type.body,
                         tree.place(*written->second));
}

Value Interpreter::annotation_text(std::string_view text, const std::shared_ptr<Module>& module,
                                   const std::shared_ptr<Scope>& scope, const Place& place) {
  // Read again as an expression, since a type has a grammar of its own; on its own line, so that
  // errors tell it.
  charge(text.size() + sizeof(Module), place);
  std::string lines(static_cast<std::size_t>(std::max(place.line - 1, 0)), '\n');
  lines.append("(").append(text).append(")\n");
  auto inner = std::make_shared<Module>(*module);
  const auto tree = std::make_shared<const Tree>(module->file, lines);
  inner->tree = tree;
  annotation_trees_.push_back(tree);
  Frame frame{inner, scope, {}, {}, {}, {}, {}};
  const Enter enter(*this, frame);
  const Node& root = tree->root();
  for (const Node* statement : root.named()) {
    if (statement->kind == Kind::ExpressionStatement && !statement->named().empty()) {
      return annotation(*statement->named().front());
    }
  }
  refuse(place, fmt::format("the annotation `{}` is not supported", text));
}

/// `type Name = X`: an object of its own that stands for X. `type Name[T] = X`: T stays a name.
void Interpreter::define_alias(const Node& node) {
  const std::vector<const Node*> sides = node.named();
  if (sides.size() != 2 || !host_.reads_class_bodies()) {
    refuse(place(node), "the `type` statement is not supported");
  }
  std::string name(source(*sides[0]));
  name = name.substr(0, name.find_first_of(" ["));
  const Value meant =
      annotation_text(source(*sides[1]), frame_->module, frame_->scope, place(*sides[1]));
  bind(name,
       Value(std::make_shared<const Term>(
           Term{std::string(kTypeAlias), nullptr, {{name, meant}, {}}, place(node)})),
       place(node));
}

Value Interpreter::annotation(const Node& node) {
  const Deeper deeper(*this, node);
  step(node);
  const auto absent = [&](const std::string& name) { return Value(Symbol{name}); };
  switch (node.kind) {
    case Kind::Parenthesized:
      return annotation(*node.named().front());
    case Kind::Identifier:
    case Kind::AttributeAccess:
      try {
        return evaluate(node);
      } catch (const Error&) {
        return absent(std::string(source(node)));
      } catch (const Raised&) {
        return absent(std::string(source(node)));
      }
    case Kind::String:
    case Kind::ConcatenatedString: {
      const Value written = evaluate(node);
      const auto* inner = written.get_if<std::string>();
      if (inner == nullptr) return written;
      return annotation_text(*inner, frame_->module, frame_->scope, place(node));
    }
    case Kind::Subscript: {
      const Value object = annotation(*node.child("value"));
      const auto* symbol = object.get_if<Symbol>();
      const std::string name =
          symbol == nullptr ? std::string() : symbol->path.substr(symbol->path.rfind('.') + 1);
      std::vector<Value> keys;
      for (const Node* key : node.named()) {
        if (key->field != "subscript") continue;
        const bool is_value = name == "Literal" || (name == "Annotated" && !keys.empty());
        if (key->kind == Kind::Tuple && !is_value) {
          for (const Node* one : key->named()) keys.push_back(annotation(*one));
        } else {
          keys.push_back(is_value ? evaluate(*key) : annotation(*key));
        }
      }
      return std::make_shared<const Operation>(Operation{
          "[]", std::make_shared<Value>(object),
          std::make_shared<Value>(keys.size() == 1 ? keys.front() : tuple_of(keys)), place(node)});
    }
    case Kind::Binary:
      if (node.child("operator")->type == "|") {
        return std::make_shared<const Operation>(
            Operation{"|", std::make_shared<Value>(annotation(*node.child("left"))),
                      std::make_shared<Value>(annotation(*node.child("right"))), place(node)});
      }
      break;
    default:
      break;
  }
  return evaluate(node);
}

}  // namespace driftd::python
