// https://docs.python.org/3/reference/compound_stmts.html#class-definitions
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

bool is_enum_base(const std::string& path) {
  return path == "enum.Enum" || path == "enum.IntEnum" || path == "enum.StrEnum" ||
         path == "enum.Flag" || path == "enum.IntFlag" || path == "enum.ReprEnum";
}

/// Methods that change what operators and attributes do, and that are not asked here.
bool changes_meaning(const std::string& name) {
  static const std::set<std::string, std::less<>> names = {
      "__abs__",     "__delattr__",       "__divmod__",
      "__float__",   "__format__",        "__ge__",
      "__getattr__", "__getattribute__",  "__gt__",
      "__iadd__",    "__iand__",          "__imul__",
      "__index__",   "__init_subclass__", "__int__",
      "__invert__",  "__ior__",           "__isub__",
      "__le__",      "__lshift__",        "__missing__",
      "__ne__",      "__neg__",           "__next__",
      "__pos__",     "__pow__",           "__radd__",
      "__rand__",    "__reversed__",      "__rmod__",
      "__rmul__",    "__ror__",           "__rshift__",
      "__rsub__",    "__rtruediv__",      "__setattr__",
      "__round__"};
  return names.contains(name);
}

/// Methods that are called of a class of the source, and not of one that is a builtin as well.
bool changes_builtin(const std::string& name) {
  return name == "__setitem__" || name == "__delitem__";
}

bool is_builtin(const Class& type) {
  return std::ranges::any_of(type.line, [](const auto& base) {
    return base->builtin && base->name != "object" && base->name != "type";
  });
}

/// The classes that `lines` merge into (https://docs.python.org/3/howto/mro.html); nothing where
/// there is no order that keeps all of theirs.
std::optional<std::vector<std::shared_ptr<Class>>> merged(
    std::vector<std::vector<std::shared_ptr<Class>>> lines) {
  std::vector<std::shared_ptr<Class>> result;
  while (true) {
    std::erase_if(lines, [](const auto& line) { return line.empty(); });
    if (lines.empty()) return result;
    std::shared_ptr<Class> next;
    for (const auto& line : lines) {
      const auto in_tail = [&](const auto& other) {
        return std::find(other.begin() + 1, other.end(), line.front()) != other.end();
      };
      if (std::ranges::any_of(lines, in_tail)) continue;
      next = line.front();
      break;
    }
    if (!next) return std::nullopt;
    result.push_back(next);
    for (auto& line : lines) {
      if (line.front() == next) line.erase(line.begin());
    }
  }
}

std::vector<std::shared_ptr<Class>> line_of(const std::shared_ptr<Class>& type) {
  std::vector<std::shared_ptr<Class>> line{type};
  line.insert(line.end(), type->line.begin(), type->line.end());
  // Builtin classes have one base at most.
  if (type->line.empty() && !type->bases.empty()) {
    const auto rest = line_of(type->bases.front());
    line.insert(line.end(), rest.begin(), rest.end());
  }
  return line;
}

}  // namespace

void Interpreter::inherit(const std::shared_ptr<Class>& type, Arguments given, const Place& place) {
  for (const auto& [name, value] : given.keyword) {
    if (name == "metaclass") type->opaque = true;
  }
  for (const Value& written : given.positional) {
    const Value base = builtin_of(written) != nullptr ? *builtin_of(written) : written;
    type->written_bases.push_back(base);
    if (const auto* known = base.get_if<std::shared_ptr<Class>>()) {
      type->bases.push_back(*known);
      if ((*known)->is_enum) type->is_enum = true;
    } else if (const auto* symbol = base.get_if<Symbol>(); symbol && is_enum_base(symbol->path)) {
      type->is_enum = true;
      if (symbol->path == "enum.StrEnum") type->bases.push_back(builtin_class("str"));
      if (symbol->path.starts_with("enum.Int")) type->bases.push_back(builtin_class("int"));
    } else if (symbol != nullptr &&
               (symbol->path == "typing.Protocol" || symbol->path == "abc.ABC")) {
      continue;
    } else if (is_symbolic(base) || base.unknown() != nullptr) {
      type->opaque = true;
      for (const Value& within : host_.classes_within(base)) {
        if (const auto* inner = within.get_if<std::shared_ptr<Class>>()) {
          type->bases.push_back(*inner);
        }
      }
    } else {
      raise("TypeError", fmt::format("cannot inherit from `{}`", describe(base)), place);
    }
  }
  std::vector<std::vector<std::shared_ptr<Class>>> lines;
  for (const auto& base : type->bases) lines.push_back(line_of(base));
  lines.push_back(type->bases);
  auto line = merged(std::move(lines));
  if (!line) {
    raise("TypeError", fmt::format("no method resolution order for the bases of `{}`", type->name),
          place);
  }
  type->line = *std::move(line);
  // A library's class takes them (`class Hero(SQLModel, table=True)`), and knows what they mean.
  const bool library = std::ranges::any_of(given.positional, [&](const Value& base) {
    const auto* known = base.get_if<std::shared_ptr<Class>>();
    return known != nullptr ? is_opaque(**known) : true;
  });
  for (const auto& [name, value] : given.keyword) {
    if (name == "metaclass" || library) continue;
    refuse(place, fmt::format("the class argument `{}` is not supported", name));
  }
  type->keywords = std::move(given.keyword);
}

void Interpreter::execute_class_body(const std::shared_ptr<Class>& type, const Node& body) {
  if (!host_.reads_class_bodies()) {
    execute_block(body);
    return;
  }
  const Deeper deeper(*this, body);
  for (const Node* statement : body.children) {
    if (statement->kind == Kind::Token) continue;
    std::shared_ptr<const Error> failed;
    try {
      execute(*statement);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood || steps_ > bounds_.steps) throw;
      failed = std::make_shared<const Error>(error);
    } catch (const Raised& raised) {
      failed = std::make_shared<const Error>(
          Reason::NotUnderstood,
          fmt::format("the code raises {}", exception_text(raised.exception)),
          "It would fail here when it runs, too; correct it.", raised.place);
    }
    if (!failed) continue;
    const std::vector<std::string> names = poison(*statement, *failed);
    for (const std::string& name : names) type->poisoned[name] = failed;
    if (names.empty()) type->failed.push_back(failed);
  }
}

/// https://peps.python.org/pep-0695/: the parameters of `class Name[T: Bound]:` are names around
/// the class.
Value Interpreter::define_class(const Node& node, std::vector<Value> decorators) {
  const Node* parameters = node.child("type_parameters");
  if (parameters == nullptr) return define_plain_class(node, std::move(decorators));
  const auto scope = make_scope(Scope::Kind::Comprehension, frame_->scope);
  for (const Node* parameter : parameters->named()) {
    std::string_view name = source(*parameter);
    name.remove_prefix(std::min(name.find_first_not_of("* "), name.size()));
    name = name.substr(0, name.find_first_of(" :="));
    scope->names[std::string(name)] = {Symbol{"typing.TypeVar"}, place(*parameter), nullptr};
  }
  Frame frame{frame_->module, scope, {}, {}, {}, {}, {}};
  const Enter enter(*this, frame);
  return define_plain_class(node, std::move(decorators));
}

Value Interpreter::define_plain_class(const Node& node, std::vector<Value> decorators) {
  auto type = make_class(std::string(source(*node.child("name"))));
  charge(sizeof(Class), place(node));
  type->place = place(node);
  type->module = frame_->module;
  type->decorators = std::move(decorators);
  if (const Node* list = node.child("superclasses"))
    inherit(type, evaluate_arguments(*list), place(*list));
  const auto scope = make_scope(Scope::Kind::Class, frame_->scope);
  scope->names["__qualname__"] = {Value(type->name), place(node), nullptr};
  scope->defines = type;
  type->statements = node.child("body");
  note_body(*type, *type->statements);
  type->body = scope;
  Frame frame{frame_->module, scope, {}, {}, {}, {}, {}};
  {
    const Enter enter(*this, frame);
    execute_class_body(type, *node.child("body"));
  }
  if (type->is_enum) {
    make_enum(type, *scope);
  } else {
    for (const std::string& name : scope->order) {
      // Of a library's class only a part is known anyhow: its objects are the host's to tell.
      const bool refused = changes_meaning(name) || (changes_builtin(name) && is_builtin(*type));
      if (refused && type->refusal.empty() && !is_opaque(*type)) {
        type->refusal = fmt::format("the method `{}` is not supported", name);
      }
      const auto bound = scope->names.find(name);
      if (bound == scope->names.end() || bound->second.poison) continue;
      type->poisoned.erase(name);
      type->set(name, bound->second.value);
    }
    make_by_metaclass(type, type->place);
    name_descriptors(type);
  }
  for (const auto& base : type->bases) {
    if (type->refusal.empty()) type->refusal = base->refusal;
  }
  host_.class_made(type);
  return type;
}

Value Interpreter::make_class_of(const Arguments& arguments, const Place& place) {
  const std::string* name = as_text(arguments.positional[0]);
  const auto* body = arguments.positional[2].get_if<Dict>();
  if (name == nullptr || body == nullptr) {
    refuse(place, "a class made by `type(...)` of these arguments is not supported");
  }
  charge(sizeof(Class) + (*body)->size() * sizeof(Value), place);
  auto type = make_class(*name);
  type->place = place;
  type->module = frame_->module;
  Arguments given;
  given.positional = items(arguments.positional[1], place);
  given.keyword = arguments.keyword;
  inherit(type, std::move(given), place);
  if (type->is_enum) refuse(place, "an enum made by a call is not supported");
  for (const auto& [key, value] : **body) {
    const std::string* attribute = as_text(key);
    if (attribute == nullptr) refuse(place, "a class with such an attribute is not supported");
    if (changes_meaning(*attribute) || changes_builtin(*attribute)) {
      type->refusal = fmt::format("the method `{}` is not supported", *attribute);
    }
    type->set(*attribute, value);
  }
  make_by_metaclass(type, place);
  for (const auto& base : type->bases) {
    if (type->refusal.empty()) type->refusal = base->refusal;
  }
  host_.class_made(type);
  return type;
}

}  // namespace driftd::python
