#include "expected_schema/models/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/models/host.h"

namespace driftd::models {

using alembic::made_by;
using alembic::text_in;
using python::Operation;
using python::Symbol;
using python::Term;

namespace {

constexpr int kDeepest = 100;

Value attribute_of(Value object, std::string name) {
  return std::make_shared<const python::Attribute>(
      python::Attribute{std::make_shared<Value>(std::move(object)), std::move(name)});
}

Value table_value(const DeclaredTable& table, const Place& place) {
  python::Arguments given;
  given.positional.emplace_back(table.name);
  if (table.schema) given.keyword.emplace_back("schema", *table.schema);
  return call_of("sqlalchemy.Table", std::move(given), place);
}

Value column_value(const std::string& name, const Place& place) {
  return call_of("sqlalchemy.column", {{name}, {}}, place);
}

/// `sqlmodel.JSON` is SQLAlchemy's.
std::string own_path(const std::string& path) {
  constexpr std::string_view library = "sqlmodel.";
  const bool passed_on = path.starts_with(library) && path.find('.', library.size()) == path.npos &&
                         last_part(path) != "AutoString" && last_part(path) != "GUID";
  return passed_on ? "sqlalchemy." + path.substr(library.size()) : path;
}

bool is_reference(std::string_view callee) {
  const std::string_view name = last_part(callee);
  return name == "ForeignKey" || name == "ForeignKeyConstraint";
}

}  // namespace

std::optional<std::size_t> Resolver::table_of(const Value& value) const {
  if (const auto found = classes_.table_of(value)) return found;
  if (const Term* term = value.term()) {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      if (tables_[i].term == term) return i;
    }
  }
  const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
  if (attribute != nullptr && (*attribute)->name == "__table__") {
    return classes_.table_of(*(*attribute)->object);
  }
  return std::nullopt;
}

/// https://docs.sqlalchemy.org/en/20/core/compiler.html: the text that the function for PostgreSQL,
/// or for every database, gives.
std::optional<Value> Resolver::compiled(const Term& element) const {
  const auto* type =
      element.object ? element.object->get_if<std::shared_ptr<python::Class>>() : nullptr;
  if (type == nullptr) return std::nullopt;
  const Value* chosen = nullptr;
  for (const auto& [decorator, function] : compiled_) {
    const auto& given = decorator.term()->arguments.positional;
    const auto* of = given.empty() ? nullptr : given[0].get_if<std::shared_ptr<python::Class>>();
    if (of == nullptr || *of != *type) continue;
    const bool every = given.size() == 1;
    const bool ours = std::ranges::any_of(given, [](const Value& dialect) {
      const auto* name = text_in(dialect);
      return name != nullptr && *name == "postgresql";
    });
    if (ours || (every && chosen == nullptr)) chosen = &function;
  }
  if (chosen == nullptr) return std::nullopt;
  const Value unknown = python::unknown("what SQLAlchemy gives to @compiles", element.place);
  const Value sql = evaluator_.call(*chosen, {{unknown, unknown}, {}}, element.place);
  const auto* text = text_in(sql);
  if (text == nullptr) return std::nullopt;
  return call_of("sqlalchemy.text", {{*text}, {}}, element.place);
}

Value Resolver::rewrite(const Value& value, bool with_table, int depth) const {
  if (depth > kDeepest) return value;
  const auto all = [&](const std::vector<Value>& items, bool tables) {
    std::vector<Value> made;
    made.reserve(items.size());
    for (const Value& item : items) made.push_back(rewrite(item, tables, depth + 1));
    return made;
  };
  if (const auto* symbol = value.get_if<Symbol>()) {
    const std::string path = own_path(symbol->path);
    return path == symbol->path ? value : Value(Symbol{path});
  }
  // The member of an enumeration that is a str.
  if (value.get_if<std::shared_ptr<python::Instance>>() != nullptr) {
    const std::string* text = evaluator_.text_of(value);
    return text == nullptr ? value : Value(*text);
  }
  if (const Term* term = value.term()) {
    const auto name = classes_.named().find(term);
    if (name != classes_.named().end()) {
      const auto at = classes_.table_of_call(term);
      if (with_table && at) {
        return attribute_of(attribute_of(table_value(tables_[*at], term->place), "c"),
                            name->second);
      }
      return column_value(name->second, term->place);
    }
    if (const auto at = table_of(value)) return table_value(tables_[*at], term->place);
    if (auto text = compiled(*term)) return *text;
    // `postgresql_where=mapped_column("name")`: a column by its name.
    if (depth > 0 && !term->object && last_part(term->callee) == "mapped_column" &&
        !term->arguments.positional.empty() &&
        text_in(term->arguments.positional.front()) != nullptr) {
      return column_value(*text_in(term->arguments.positional.front()), term->place);
    }
    Term copy = *term;
    copy.callee = copy.object ? copy.callee : own_path(copy.callee);
    if (copy.object) {
      copy.object = std::make_shared<Value>(rewrite(*copy.object, with_table, depth + 1));
    }
    const bool refers = !copy.object && is_reference(copy.callee);
    copy.arguments.positional = all(copy.arguments.positional, with_table || refers);
    for (auto& [keyword, given] : copy.arguments.keyword) {
      given = rewrite(given, with_table || refers, depth + 1);
    }
    return std::make_shared<const Term>(std::move(copy));
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    const Value& object = *(*attribute)->object;
    const std::string& name = (*attribute)->name;
    if (const auto at = classes_.table_of(object); at && name != "__table__") {
      const DeclaredTable& table = tables_[*at];
      const auto column = table.attributes.find(name);
      const std::string& named = column == table.attributes.end() ? name : column->second;
      if (!with_table) return column_value(named, table.place);
      return attribute_of(attribute_of(table_value(table, table.place), "c"), named);
    }
    if (const auto at = table_of(value)) return table_value(tables_[*at], tables_[*at].place);
    // A key to a table that is not read: what it is called is enough to leave it out.
    if (const auto unread = classes_.unread_table_of(object); unread && with_table) {
      DeclaredTable other;
      other.name = *unread;
      return attribute_of(attribute_of(table_value(other, {}), "c"), name);
    }
    return attribute_of(rewrite(object, with_table, depth + 1), name);
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    Operation copy = **operation;
    if (copy.left) copy.left = std::make_shared<Value>(rewrite(*copy.left, with_table, depth + 1));
    if (copy.right) {
      copy.right = std::make_shared<Value>(rewrite(*copy.right, with_table, depth + 1));
    }
    return std::make_shared<const Operation>(std::move(copy));
  }
  if (const auto* list = value.get_if<python::List>()) {
    return python::list_of(all(**list, with_table));
  }
  if (const auto* tuple = value.get_if<python::Tuple>()) {
    return python::tuple_of(all(*tuple->items, with_table));
  }
  if (const auto* dict = value.get_if<python::Dict>()) {
    auto copy = std::make_shared<python::Dict::element_type>();
    for (const auto& [key, item] : **dict) {
      copy->emplace_back(rewrite(key, with_table, depth + 1), rewrite(item, with_table, depth + 1));
    }
    return Value(copy);
  }
  return value;
}

std::optional<std::size_t> Resolver::table_in(const Value& value, int depth) const {
  if (depth > kDeepest) return std::nullopt;
  const auto first = [&](const auto& items) -> std::optional<std::size_t> {
    for (const Value& item : items) {
      if (const auto found = table_in(item, depth + 1)) return found;
    }
    return std::nullopt;
  };
  if (const Term* term = value.term()) {
    if (classes_.named().contains(term)) return classes_.table_of_call(term);
    if (term->object) {
      if (const auto found = table_in(*term->object, depth + 1)) return found;
    }
    if (const auto found = first(term->arguments.positional)) return found;
    for (const auto& [keyword, given] : term->arguments.keyword) {
      if (const auto found = table_in(given, depth + 1)) return found;
    }
    return std::nullopt;
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    if (const auto found = table_of(*(*attribute)->object)) return found;
    return table_in(*(*attribute)->object, depth + 1);
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    if ((*operation)->left) {
      if (const auto found = table_in(*(*operation)->left, depth + 1)) return found;
    }
    return (*operation)->right ? table_in(*(*operation)->right, depth + 1) : std::nullopt;
  }
  if (const auto* items = alembic::sequence_in(value)) return first(*items);
  return std::nullopt;
}

namespace {

const Term* column_call(const DeclaredTable& table, const std::string& name) {
  for (const Value& item : table.items) {
    if (is_column_call(item) && alembic::column_name_of(item) == name) return item.term();
  }
  return nullptr;
}

struct Referent {
  std::string table;
  std::optional<std::string> schema;
  std::string column;
};

/// What `ForeignKey("a.b")` or `ForeignKey(table.c.b)` refers to.
std::optional<Referent> referent_of(const Term& key, const std::optional<std::string>& schema) {
  const Value* given = key.arguments.find("column");
  if (given == nullptr && !key.arguments.positional.empty()) given = &key.arguments.positional[0];
  if (given == nullptr) return std::nullopt;
  if (const auto* text = text_in(*given)) {
    std::vector<std::string> parts = split(*text, '.');
    if (parts.size() < 2) return std::nullopt;
    Referent referent{parts[parts.size() - 2], schema, parts.back()};
    if (parts.size() > 2) {
      parts.resize(parts.size() - 2);
      referent.schema = join(parts, ".");
    }
    return referent;
  }
  const auto* column = given->get_if<std::shared_ptr<const python::Attribute>>();
  const auto* of = column == nullptr
                       ? nullptr
                       : (*column)->object->get_if<std::shared_ptr<const python::Attribute>>();
  const Term* table = of == nullptr ? nullptr : (*of)->object->term();
  if (table == nullptr || table->arguments.positional.empty()) return std::nullopt;
  const auto* name = text_in(table->arguments.positional.front());
  if (name == nullptr) return std::nullopt;
  const Value* own = table->arguments.find("schema");
  const auto* own_schema = own == nullptr ? nullptr : text_in(*own);
  return Referent{*name, own_schema == nullptr ? std::nullopt : std::optional(*own_schema),
                  (*column)->name};
}

const Term* key_in(const Term& column) {
  for (const Value& argument : column.arguments.positional) {
    if (made_by(argument) == "ForeignKey" && argument.term() != nullptr) return argument.term();
  }
  return nullptr;
}

std::optional<Value> type_in(const Term& column) {
  if (const Value* type = column.arguments.find("type_")) return *type;
  bool first = true;
  for (const Value& argument : column.arguments.positional) {
    if (std::exchange(first, false) && text_in(argument) != nullptr) continue;
    if (is_type_argument(argument)) return argument;
  }
  return std::nullopt;
}

std::optional<Value> referred_type(const Term& column, const std::vector<DeclaredTable>& tables,
                                   const std::optional<std::string>& schema, int depth) {
  if (auto own = type_in(column)) return own;
  const Term* key = key_in(column);
  const auto referent = key == nullptr || depth > 20 ? std::nullopt : referent_of(*key, schema);
  if (!referent) return std::nullopt;
  for (const DeclaredTable& table : tables) {
    if (table.name != referent->table || table.schema != referent->schema) continue;
    const Term* other = column_call(table, referent->column);
    if (other != nullptr) return referred_type(*other, tables, table.schema, depth + 1);
  }
  return std::nullopt;
}

/// `ForeignKey("a.b")` of a metadata with a schema means that schema's a.
Value qualified_key(const Value& item, const std::string& schema) {
  const Term* term = item.term();
  if (term == nullptr || !is_reference(term->callee)) return item;
  const auto qualify = [&](Value& value) {
    const auto* text = text_in(value);
    if (text != nullptr && std::ranges::count(*text, '.') == 1) value = Value(schema + "." + *text);
  };
  Term copy = *term;
  if (last_part(copy.callee) == "ForeignKey") {
    if (!copy.arguments.positional.empty()) qualify(copy.arguments.positional.front());
  } else {
    const auto in_list = [&](Value& value) {
      const auto* items = alembic::sequence_in(value);
      if (items == nullptr) return;
      std::vector<Value> made = *items;
      for (Value& one : made) qualify(one);
      value = python::list_of(std::move(made));
    };
    if (copy.arguments.positional.size() > 1) in_list(copy.arguments.positional[1]);
    for (auto& [keyword, value] : copy.arguments.keyword) {
      if (keyword == "refcolumns") in_list(value);
    }
  }
  return std::make_shared<const Term>(std::move(copy));
}

/// A constraint or index that names columns by their keys.
Value by_names(const Value& item, const std::map<std::string, std::string>& keys) {
  const Term* term = item.term();
  if (keys.empty() || term == nullptr) return item;
  const auto rename = [&](Value& value) {
    const auto* text = text_in(value);
    const auto found = text == nullptr ? keys.end() : keys.find(*text);
    if (found != keys.end()) value = Value(found->second);
  };
  Term copy = *term;
  for (std::size_t i = 0; i < copy.arguments.positional.size(); ++i) {
    Value& value = copy.arguments.positional[i];
    if (i == 0 && made_by(item) == "Index") continue;  // its name
    if (const auto* items = alembic::sequence_in(value)) {
      std::vector<Value> made = *items;
      for (Value& one : made) rename(one);
      value = python::list_of(std::move(made));
    } else if (made_by(item) != "CheckConstraint") {
      rename(value);
    }
  }
  return std::make_shared<const Term>(std::move(copy));
}

}  // namespace

Value with_reference(const Value& item, const DeclaredTable& table,
                     const std::vector<DeclaredTable>& tables,
                     const std::optional<std::string>& metadata_schema) {
  if (!is_column_call(item)) {
    const Value named = by_names(item, table.keys);
    return metadata_schema ? qualified_key(named, *metadata_schema) : named;
  }
  Term copy = *item.term();
  // `Column("name", None, ForeignKey(...))`
  std::erase_if(copy.arguments.positional, [](const Value& one) { return one.is_none(); });
  if (metadata_schema) {
    for (Value& argument : copy.arguments.positional) {
      argument = qualified_key(argument, *metadata_schema);
    }
  }
  if (!type_in(copy)) {
    const auto type = referred_type(copy, tables, metadata_schema, 0);
    if (!type) {
      throw Error(Reason::NotUnderstood,
                  fmt::format("the column {} of {} has no type, and what it refers to is not known",
                              alembic::column_name_of(item), table.name),
                  "Give the column its type.", copy.place);
    }
    copy.arguments.keyword.emplace_back("type_", *type);
  }
  return std::make_shared<const Term>(std::move(copy));
}

}  // namespace driftd::models
