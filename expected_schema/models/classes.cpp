// https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html and
// https://docs.sqlalchemy.org/en/20/orm/inheritance.html
#include "expected_schema/models/classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/host.h"
#include "expected_schema/models/stand_ins.h"

namespace driftd::models {

using alembic::text_in;
using python::ClassBody;
using python::Term;

namespace {

const python::Class* key_of(const Value& type) {
  const auto* found = type.get_if<std::shared_ptr<python::Class>>();
  return found == nullptr ? nullptr : found->get();
}

const ClassBody::Entry* entry(const ClassBody& body, const std::string& name) {
  const auto found = std::ranges::find(body.entries, name, &ClassBody::Entry::name);
  return found == body.entries.end() ? nullptr : &*found;
}

/// Flask-SQLAlchemy's names: CamelCase becomes snake_case (its camel_to_snake_case).
std::string snake_case(const std::string& name) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto lower_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (upper(name[i]) && i > 0 && name[i - 1] != '_') {
      const bool after_word = lower_or_digit(name[i - 1]);
      const bool before_word =
          upper(name[i - 1]) && i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
      if (after_word || before_word) result += '_';
    }
    result += upper(name[i]) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return result;
}

bool has_own_key(const ClassBody& body) {
  return std::ranges::any_of(body.entries, [](const ClassBody::Entry& one) {
    const Term* call = one.value ? one.value->term() : nullptr;
    const Value* primary = call == nullptr ? nullptr : call->arguments.find("primary_key");
    const bool* on = primary == nullptr ? nullptr : primary->get_if<bool>();
    return on != nullptr && *on;
  });
}

std::string lower_case(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// Whether what decorators make of a method may be a column.
bool makes_column(const ClassBody::Entry& method) {
  if (method.value && declared_function(*method.value) != nullptr) return true;
  for (const std::string_view word : {"declared_attr", "aggregated", "column", "Column"}) {
    if (method.decorators.find(word) != std::string::npos) return true;
  }
  return false;
}

/// What a library gives that knows nothing of SQLAlchemy is no column.
bool may_be_column(const python::Unknown& unknown) {
  constexpr std::string_view before = "what ";
  constexpr std::string_view after = " gives";
  const std::string& what = unknown.what;
  // `query = Session.query_property()`
  if (what.starts_with("what the query at ") || what == kPlainObject) return false;
  if (!what.starts_with(before) || !what.ends_with(after)) return true;
  const std::string path = what.substr(before.size(), what.size() - before.size() - after.size());
  if (path == "sqlalchemy_utils.generic_relationship") return false;
  if (path.starts_with("collections.") || path.starts_with("typing.")) return false;
  return !alembic::is_library(path) || path.find("sqlalchemy") != std::string::npos;
}

/// What a class may be mapped to that makes no table: a join, a query.
bool is_selectable(const Term& term) {
  static constexpr std::array<std::string_view, 17> makers = {
      "join",     "outerjoin", "select",           "select_from", "where", "filter",    "group_by",
      "order_by", "alias",     "subquery",         "cte",         "union", "union_all", "lateral",
      "having",   "distinct",  "with_only_columns"};
  const bool made = term.object || term.callee.starts_with("sqlalchemy.");
  return made && std::ranges::find(makers, last_part(term.callee)) != makers.end();
}

bool is_about_the_class(const std::string& name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

}  // namespace

std::optional<std::size_t> ClassMapper::table_of(const Value& type) const {
  const auto found = mapped_.find(key_of(type));
  return found == mapped_.end() ? std::nullopt : std::optional(found->second.table);
}

std::optional<std::size_t> ClassMapper::table_of_call(const Term* call) const {
  const auto found = tables_of_call_.find(call);
  if (found == tables_of_call_.end() || found->second.size() != 1) return std::nullopt;
  return found->second.front();
}

std::optional<std::string> ClassMapper::unread_table_of(const Value& type) const {
  const auto found = unread_classes_.find(key_of(type));
  return found == unread_classes_.end() || found->second.empty() ? std::nullopt
                                                                 : std::optional(found->second);
}

bool ClassMapper::is_mapped(const Value& type) const {
  return mapped_.contains(key_of(type));
}

const ClassMapper::Mapped* ClassMapper::mapped_parent(const ClassBody& body) const {
  for (std::size_t i = 1; i < body.line.size(); ++i) {
    const auto found = mapped_.find(key_of(body.line[i]));
    if (found != mapped_.end()) return &found->second;
  }
  return nullptr;
}

std::optional<Value> ClassMapper::declaration(const ClassBody& body, const std::string& name) {
  for (std::size_t i = 0; i < body.line.size(); ++i) {
    const Value& type = body.line[i];
    const auto one = evaluator_.body_of(type);
    const ClassBody::Entry* found = one ? entry(*one, name) : nullptr;
    if (found == nullptr) continue;
    if (found->poison) throw Error(*found->poison);
    if (!found->value) continue;
    const Value* function = declared_function(*found->value);
    // What a mapped parent says of its own table is not inherited, but for a declared_attr.
    if (i > 0 && is_mapped(type) && function == nullptr) continue;
    if (function == nullptr) function = &*found->value;
    if (function->get_if<std::shared_ptr<python::Function>>() != nullptr) {
      // A classmethod is bound by looking it up.
      if (function == &*found->value) {
        const Value bound = evaluator_.attribute(body.line.front(), name, found->place);
        return evaluator_.call(bound, {}, found->place);
      }
      return evaluator_.call(*function, {{body.line.front()}, {}}, found->place);
    }
    return *found->value;
  }
  return std::nullopt;
}

std::optional<std::string> ClassMapper::table_name(const ClassBody& body, const Role& role) {
  const auto given = declaration(body, "__tablename__");
  if (given && !given->is_none()) {
    if (const auto* text = text_in(*given)) {
      // Without a primary key of its own Flask-SQLAlchemy lets it share its parent's table.
      const bool shares = role.flask && mapped_parent(body) != nullptr && !has_own_key(body);
      return shares ? std::nullopt : std::optional(*text);
    }
    const auto unknown = python::unknown_part(*given);
    throw Error(Reason::NotUnderstood,
                fmt::format("the table name of the model {} is not understood{}", body.name,
                            unknown ? ", since it depends on " + unknown->what : std::string()),
                "Give __tablename__ as a text.", body.place);
  }
  if (role.sqlmodel) return lower_case(body.name);
  if (role.flask && !given) {
    // Named by itself where it has a primary key of its own (should_set_tablename).
    if (mapped_parent(body) == nullptr || has_own_key(body)) return snake_case(body.name);
  }
  return std::nullopt;
}

void ClassMapper::add_column(DeclaredTable& table, const std::string& attribute, MadeColumn made,
                             const Place& place, std::size_t at) {
  for (const Term* call : made.made_from) {
    named_.emplace(call, made.name);
    auto& tables = tables_of_call_[call];
    if (std::ranges::find(tables, at) == tables.end()) tables.push_back(at);
  }
  table.attributes[attribute] = made.name;
  if (!made.key.empty() && made.key != made.name) table.keys[made.key] = made.name;
  // A class of a single table may repeat a column of its parent or its sister.
  if (!table.columns.emplace(made.name, place).second) return;
  table.items.push_back(std::move(made.column));
}

Value ClassMapper::library_class(const std::string& name) {
  if (!mixins_) {
    mixins_ = evaluator_.load(std::string(kMixins), "a library", *stand_in(kMixins));
  }
  return evaluator_.global(*mixins_, name).value_or(Value());
}

/// `-> Mapped[str]` of a declared_attr says what an annotation says; another type says nothing.
std::optional<Value> ClassMapper::mapped_by(const Value& function) {
  const auto written = evaluator_.return_annotation(function);
  if (!written) return std::nullopt;
  const auto* generic = written->get_if<std::shared_ptr<const python::Operation>>();
  const auto* symbol = generic == nullptr ? nullptr : (*generic)->left->get_if<python::Symbol>();
  const std::string_view name = symbol == nullptr ? std::string_view() : last_part(symbol->path);
  return name == "Mapped" || name == "MappedColumn" ? written : std::nullopt;
}

void ClassMapper::add_columns(DeclaredTable& table, const ClassBody& body, const Role& role,
                              std::size_t at) {
  const TypeMap types = type_map_of(body, evaluator_);
  std::set<std::string> seen;
  std::vector<Value> line = body.line;
  for (const std::string& name : role.mixins) line.push_back(library_class(name));
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto one = evaluator_.body_of(line[i]);
    if (!one) continue;
    // What a mapped parent has, or inherits, is its own.
    bool of_parent = false;
    for (std::size_t j = 1; j < body.line.size(); ++j) {
      if (!is_mapped(body.line[j])) continue;
      const auto parent = evaluator_.body_of(body.line[j]);
      of_parent = of_parent || (parent && std::ranges::any_of(parent->line, [&](const Value& v) {
                                  return key_of(v) == key_of(line[i]);
                                }));
    }
    for (const ClassBody::Entry& found : one->entries) {
      if (is_about_the_class(found.name) || !seen.insert(found.name).second || of_parent) continue;
      if (found.method && !makes_column(found)) continue;
      // A class of a single table may say again what a parent has.
      if (table.attributes.contains(found.name)) continue;
      if (found.poison) throw Error(*found.poison);
      const bool no_field = !found.annotated || found.name.starts_with('_');
      if (role.sqlmodel && no_field) continue;
      Attribute attribute{found.name, found.value, std::nullopt, found.place};
      if (found.annotated) attribute.annotation = evaluator_.annotation_of(line[i], found.name);
      if (found.value) {
        if (const Value* function = declared_function(*found.value)) {
          attribute.value = evaluator_.call(*function, {{body.line.front()}, {}}, found.place);
          attribute.annotation = mapped_by(*function);
        }
        if (const auto* unknown = attribute.value->unknown();
            unknown != nullptr && may_be_column(*unknown)) {
          throw Error(Reason::NotUnderstood,
                      fmt::format("whether {}.{} is a column depends on {}", body.name, found.name,
                                  unknown->what),
                      unknown->hint, found.place);
        }
      }
      if (attribute.value) kept_.push_back(*attribute.value);
      if (attribute.annotation) kept_.push_back(*attribute.annotation);
      const auto made = role.sqlmodel ? columns_of_field(attribute, evaluator_)
                                      : columns_of(attribute, types, evaluator_);
      for (const MadeColumn& column : made) {
        add_column(table, found.name, column, found.place, at);
      }
    }
  }
}

void ClassMapper::add_arguments(DeclaredTable& table, const ClassBody& body) {
  const auto given = declaration(body, "__table_args__");
  if (!given || given->is_none()) return;
  const auto take_options = [&](const python::Dict& dict) {
    for (const auto& [key, value] : *dict) {
      if (const auto* name = text_in(key)) table.options.emplace_back(*name, value);
    }
  };
  if (const auto* dict = given->get_if<python::Dict>()) {
    take_options(*dict);
    return;
  }
  const auto* items = alembic::sequence_in(*given);
  if (items == nullptr) {
    throw Error(Reason::NotUnderstood,
                fmt::format("__table_args__ of the model {} is not understood", body.name),
                "Write it as a tuple of constraints and indexes, or as a dictionary.", body.place);
  }
  for (const Value& item : *items) {
    if (item.is_none()) continue;  // SchemaItem leaves it out
    if (const auto* dict = item.get_if<python::Dict>()) {
      take_options(*dict);
    } else {
      table.items.push_back(item);
    }
  }
}

std::optional<std::size_t> ClassMapper::extended_by(const DeclaredTable& table) const {
  const auto option = [](const DeclaredTable& of, std::string_view name) {
    const auto found = std::ranges::find(of.options, name, &std::pair<std::string, Value>::first);
    return found == of.options.end() ? Value() : found->second;
  };
  const auto schema = [&](const DeclaredTable& of) {
    const Value given = option(of, "schema");
    return text_in(given) == nullptr ? std::string() : *text_in(given);
  };
  const Value extends = option(table, "extend_existing");
  if (extends.get_if<bool>() == nullptr || !*extends.get_if<bool>()) return std::nullopt;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    const DeclaredTable& other = tables_[i];
    if (other.name != table.name || schema(other) != schema(table)) continue;
    // Calls of Table() come before all classes here: the source has to say that it does, too.
    const bool before = other.term == nullptr || (other.place.file == table.place.file &&
                                                  other.place.line < table.place.line);
    const bool one_metadata = is_same_metadata(metadata_of(other.metadata, evaluator_, flask_),
                                               metadata_of(table.metadata, evaluator_, flask_));
    if (before && one_metadata) return i;
  }
  return std::nullopt;
}

/// Table(..., extend_existing=True): columns of a name that is there stand in its place.
void ClassMapper::extend(std::size_t existing, DeclaredTable table) {
  DeclaredTable& other = tables_[existing];
  for (Value& item : table.items) {
    const std::string name = is_column_call(item) ? alembic::column_name_of(item) : std::string();
    const auto same = std::ranges::find_if(other.items, [&](const Value& one) {
      return !name.empty() && is_column_call(one) && alembic::column_name_of(one) == name;
    });
    if (same == other.items.end()) {
      other.items.push_back(std::move(item));
    } else {
      *same = std::move(item);
    }
  }
  for (auto& [column, place] : table.columns) other.columns[column] = place;
  for (auto& [attribute, column] : table.attributes) other.attributes[attribute] = column;
  for (auto& [key, column] : table.keys) other.keys[key] = column;
  for (auto& [call, of] : tables_of_call_) std::ranges::replace(of, tables_.size(), existing);
  if (other.model.empty()) other.model = table.model;
}

void ClassMapper::map(const Value& type) {
  const auto body = evaluator_.body_of(type);
  if (!body) return;
  const Role role = role_of(*body, evaluator_);
  const bool looks_like_one =
      entry(*body, "__tablename__") != nullptr || entry(*body, "__table__") != nullptr;
  if (role.declarative ? !role.is_mapped() : !(looks_like_one && !role.unknown_bases.empty())) {
    return;
  }
  std::string known_as;
  try {
    const Mapped* parent = mapped_parent(*body);
    if (const auto own = declaration(*body, "__table__"); own && own->term() != nullptr) {
      for (std::size_t i = 0; i < tables_.size(); ++i) {
        if (tables_[i].term != own->term()) continue;
        mapped_[key_of(type)] = {i, false};
        if (tables_[i].model.empty()) tables_[i].model = body->name;
        for (const auto& [column, place] : tables_[i].columns) {
          tables_[i].attributes.emplace(column, column);
        }
        return;
      }
      if (is_selectable(*own->term())) return;
      const auto& given = own->term()->arguments.positional;
      const auto* called = given.empty() ? nullptr : text_in(given.front());
      if (called != nullptr) known_as = *called;
      throw Error(Reason::NotUnderstood,
                  fmt::format("the __table__ of the model {} is not understood", body->name),
                  "Write it as Table(...) with its columns.", body->place);
    }
    const auto name = table_name(*body, role);
    if (name) known_as = *name;
    if (!role.unknown_bases.empty() || !role.declarative) {
      throw Error(Reason::NotUnderstood,
                  fmt::format("the model {} inherits from {}, whose columns are not known",
                              body->name, role.unknown_bases.front()),
                  "Mount the module that has it: models.root is the folder that imports begin in, "
                  "models.packages "
                  "one of packages of others.",
                  body->place);
    }
    if (!role.metaclass.empty()) {
      throw Error(Reason::NotUnderstood,
                  fmt::format("the model {} is made by the metaclass {}, which does that in its "
                              "own way",
                              body->name, role.metaclass),
                  "Print the models' SQL by a command: models.command.", body->place);
    }
    if (!body->failed.empty()) throw Error(*body->failed.front());
    if (!name) {
      for (std::size_t i = 1; i < body->line.size(); ++i) {
        const auto unread = unread_classes_.find(key_of(body->line[i]));
        if (unread == unread_classes_.end()) continue;
        known_as = unread->second;
        throw Error(Reason::NotUnderstood,
                    fmt::format("the model {} shares the table of a model that is not understood",
                                body->name),
                    {}, body->place);
      }
      if (parent == nullptr) {
        throw Error(Reason::NotUnderstood,
                    fmt::format("the model {} has no __tablename__", body->name),
                    "Give it one, or __abstract__ = True.", body->place);
      }
      const Mapped shared{parent->table, true};
      mapped_[key_of(type)] = shared;
      DeclaredTable& table = tables_[shared.table];
      known_as = table.key();
      add_columns(table, *body, role, shared.table);
      return;
    }
    DeclaredTable table;
    table.name = *name;
    table.metadata = role.metadata;
    table.model = body->name;
    table.place = body->place;
    const std::size_t at = tables_.size();
    add_columns(table, *body, role, at);
    add_arguments(table, *body);
    // Table() of a name that is there, without anything of its own, is that table.
    if (parent != nullptr && table.items.empty() && tables_[parent->table].name == table.name) {
      mapped_[key_of(type)] = Mapped{parent->table, true};
      return;
    }
    if (const auto existing = extended_by(table)) {
      mapped_[key_of(type)] = {*existing, false};
      extend(*existing, std::move(table));
      return;
    }
    mapped_[key_of(type)] = {at, false};
    tables_.push_back(std::move(table));
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
    unread_classes_[key_of(type)] = known_as;
    for (auto& [call, of] : tables_of_call_) std::erase(of, tables_.size());
    unread_.push_back({known_as, body->name, error});
  }
}

}  // namespace driftd::models
