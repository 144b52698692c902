#include "expected_schema/models/annotations.h"

#include <algorithm>
#include <map>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/declared.h"
#include "expected_schema/models/host.h"

namespace driftd::models {

using python::Operation;
using python::Symbol;
using python::Term;

namespace {

const Operation* operation(const Value& value, std::string_view op) {
  const auto* found = value.get_if<std::shared_ptr<const Operation>>();
  return found != nullptr && (*found)->op == op ? found->get() : nullptr;
}

/// The name of what is subscripted: `Optional` of `typing.Optional[int]`.
std::string generic(const Value& value) {
  const Operation* subscript = operation(value, "[]");
  const auto* symbol = subscript == nullptr ? nullptr : subscript->left->get_if<Symbol>();
  return symbol == nullptr ? std::string() : std::string(last_part(symbol->path));
}

std::vector<Value> arguments(const Value& subscript) {
  const Value& key = *operation(subscript, "[]")->right;
  const auto* tuple = key.get_if<python::Tuple>();
  return tuple == nullptr ? std::vector<Value>{key} : *tuple->items;
}

bool is_none_type(const Value& value) {
  const auto* symbol = value.get_if<Symbol>();
  return value.is_none() || (symbol != nullptr && last_part(symbol->path) == "NoneType");
}

/// What `type Name = X` stands for; the value itself where it is no such name.
Value without_alias(const Value& value) {
  const Term* term = value.term();
  const bool alias = term != nullptr && !term->object && term->arguments.positional.size() == 2 &&
                     term->callee.starts_with("typing") &&
                     last_part(term->callee) == last_part(python::kTypeAlias);
  return alias ? term->arguments.positional[1] : value;
}

/// The alternatives of `Optional[X]`, `Union[X, Y]`, `X | Y`; the value itself where it has none.
std::vector<Value> alternatives(const Value& value) {
  if (const Operation* either = operation(value, "|")) {
    std::vector<Value> all = alternatives(*either->left);
    for (Value& one : alternatives(*either->right)) all.push_back(std::move(one));
    return all;
  }
  const std::string name = generic(value);
  if (name == "Optional") {
    std::vector<Value> all = alternatives(arguments(value).front());
    all.emplace_back();
    return all;
  }
  if (name != "Union") return {value};
  std::vector<Value> all;
  for (const Value& part : arguments(value)) {
    for (Value& one : alternatives(part)) all.push_back(std::move(one));
  }
  return all;
}

bool same(const Value& a, const Value& b, int depth = 0) {
  if (depth > 20) return false;
  if (const auto* one = a.get_if<Symbol>()) {
    const auto* other = b.get_if<Symbol>();
    return other != nullptr && one->path == other->path;
  }
  if (const auto* one = a.get_if<std::shared_ptr<python::Class>>()) {
    const auto* other = b.get_if<std::shared_ptr<python::Class>>();
    return other != nullptr && *one == *other;
  }
  if (a.term() != nullptr || b.term() != nullptr) return a.term() == b.term();
  if (const auto* one = a.get_if<std::shared_ptr<const Operation>>()) {
    const auto* other = b.get_if<std::shared_ptr<const Operation>>();
    if (other == nullptr) return false;
    if (*one == *other) return true;
    return (*one)->op == (*other)->op && (*one)->right && (*other)->right &&
           same(*(*one)->left, *(*other)->left, depth + 1) &&
           same(*(*one)->right, *(*other)->right, depth + 1);
  }
  if (const auto* one = a.get_if<python::Tuple>()) {
    const auto* other = b.get_if<python::Tuple>();
    return other != nullptr &&
           std::ranges::equal(*one->items, *other->items, [&](const Value& x, const Value& y) {
             return same(x, y, depth + 1);
           });
  }
  return a.storage().index() == b.storage().index() && python::repr(a) == python::repr(b);
}

/// What a map has for a type: for `dict[str, Any]` also what it has for `dict`, since the map's own
/// key is one of these to the evaluator.
const Value* mapped(const Value& type, const TypeMap& types) {
  for (const auto& [key, sql] : types) {
    if (same(key, type)) return &sql;
  }
  if (const Operation* subscript = operation(type, "[]");
      subscript != nullptr && subscript->left->get_if<Symbol>() == nullptr) {
    return mapped(*subscript->left, types);
  }
  return nullptr;
}

/// SQLAlchemy's default map (orm.registry's type_annotation_map).
std::optional<Value> usual(const std::string& name) {
  static const std::map<std::string, std::string, std::less<>> types = {
      {"bool", "Boolean"},
      {"bytes", "LargeBinary"},
      {"datetime.date", "Date"},
      {"datetime.datetime", "DateTime"},
      {"datetime.time", "Time"},
      {"datetime.timedelta", "Interval"},
      {"decimal.Decimal", "Numeric"},
      {"float", "Float"},
      {"int", "Integer"},
      {"str", "String"},
      {"uuid.UUID", "Uuid"}};
  const auto found = types.find(name);
  if (found == types.end()) return std::nullopt;
  return Value(Symbol{"sqlalchemy." + found->second});
}

Value literal_type(const std::vector<Value>& labels, const Place& place) {
  python::Arguments given;
  given.positional = labels;
  given.keyword.emplace_back("native_enum", false);
  return call_of("sqlalchemy.Enum", std::move(given), place);
}

std::optional<Value> type_for(const Value& type, const TypeMap& types,
                              const python::Evaluator& evaluator) {
  if (const Value* own = mapped(type, types)) return *own;
  if (is_enumeration(type, evaluator)) {
    for (const auto& [key, sql] : types) {
      const auto* symbol = key.get_if<Symbol>();
      if (symbol == nullptr || !symbol->path.starts_with("enum.")) continue;
      // Enum(enum.Enum, native_enum=False, ...): the same for this one.
      const Term* term = sql.term();
      if (term == nullptr) return sql;
      Term copy = *term;
      if (!copy.arguments.positional.empty()) copy.arguments.positional.front() = type;
      return Value(std::make_shared<const Term>(std::move(copy)));
    }
    return call_of("sqlalchemy.Enum", {{type}, {}}, {});
  }
  if (generic(type) == "Literal") return literal_type(arguments(type), {});
  if (const Term* made = type.term(); made != nullptr && last_part(made->callee) == "NewType" &&
                                      made->arguments.positional.size() == 2) {
    return type_for(made->arguments.positional[1], types, evaluator);
  }
  return usual(class_name(type, evaluator));
}

}  // namespace

std::string class_name(const Value& value, const python::Evaluator& evaluator) {
  if (const auto* symbol = value.get_if<Symbol>()) return symbol->path;
  if (const auto body = evaluator.body_of(value)) return body->module + "." + body->name;
  return evaluator.builtin_name(value);
}

bool is_enumeration(const Value& value, const python::Evaluator& evaluator) {
  return evaluator.is_enumeration(value);
}

Annotation read_annotation(const Value& written, const TypeMap& types,
                           const python::Evaluator& evaluator) {
  Annotation result;
  Value inner = written;
  const std::string outer = generic(inner);
  if (outer == "Mapped" || outer == "MappedColumn") {
    result.mapped = true;
    inner = arguments(inner).front();
  } else if (outer == "WriteOnlyMapped" || outer == "DynamicMapped" ||
             outer == "AssociationProxy") {
    result.mapped = result.relationship = true;
    return result;
  }
  // Annotated may stand around Optional, and within it.
  for (int depth = 0; depth < 20; ++depth) {
    if (const Value* whole = mapped(inner, types)) {
      result.type = *whole;
      break;
    }
    if (Value meant = without_alias(inner); meant.term() != inner.term()) {
      inner = std::move(meant);
      continue;
    }
    std::vector<Value> all = alternatives(inner);
    const std::size_t before = all.size();
    std::erase_if(all, is_none_type);
    if (all.size() < before) result.optional = true;
    if (all.size() == 1 && before > 1) {
      inner = all.front();
      continue;
    }
    if (all.size() > 1) return result;  // a union has no type
    if (generic(inner) != "Annotated") break;
    const std::vector<Value> parts = arguments(inner);
    for (std::size_t i = 1; i < parts.size(); ++i) result.columns.push_back(parts[i]);
    inner = parts.front();
  }
  result.python = inner;
  if (!result.type) result.type = type_for(inner, types, evaluator);
  return result;
}

}  // namespace driftd::models
