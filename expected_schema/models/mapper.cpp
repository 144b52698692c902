#include "expected_schema/models/mapper.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/modules.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/classes.h"
#include "expected_schema/models/resolve.h"
#include "expected_schema/models/statement_text.h"

namespace driftd::models {

using alembic::text_in;
using python::Symbol;
using python::Term;

Value call_of(std::string callee, python::Arguments arguments, const Place& place) {
  return std::make_shared<const Term>(
      Term{std::move(callee), nullptr, std::move(arguments), place});
}

namespace {

bool same_place(const Place& a, const Place& b) {
  return a.file == b.file && a.line == b.line && a.column == b.column;
}

/// `Table("name", metadata, ...)`, as it is called.
DeclaredTable table_of_call(const Term& call) {
  DeclaredTable table;
  table.place = call.place;
  table.term = &call;
  std::vector<Value> given = call.arguments.positional;
  const auto take = [&](std::string_view name, std::size_t at) -> std::optional<Value> {
    if (const Value* keyword = call.arguments.find(name)) return *keyword;
    return at < given.size() ? std::optional(given[at]) : std::nullopt;
  };
  const bool flask = call.callee == kFlaskTable;
  const auto name = take("name", 0);
  const auto* text = name ? text_in(*name) : nullptr;
  if (text == nullptr) {
    throw Error(Reason::NotUnderstood, "the name of a Table is not understood",
                "Give it as a text.", call.place);
  }
  table.name = *text;
  const std::optional<Value> metadata =
      flask ? std::optional(Value(Symbol{std::string(kFlaskModel)})) : take("metadata", 1);
  table.metadata = metadata.value_or(Value());
  for (std::size_t i = flask ? 1 : 2; i < given.size(); ++i) {
    // Flask-SQLAlchemy takes a metadata too.
    if (flask && i == 1 && given[i].term() != nullptr &&
        last_part(given[i].term()->callee) == "MetaData") {
      table.metadata = given[i];
      continue;
    }
    if (flask && i == 1 && !is_column_call(given[i]) && given[i].term() == nullptr) continue;
    table.items.push_back(given[i]);
  }
  for (const auto& [keyword, value] : call.arguments.keyword) {
    if (keyword == "autoload" || keyword == "autoload_with") {
      throw Error(
          Reason::NotUnderstood,
          fmt::format("the table {} is read from a database when the application runs", table.name),
          "Write out its columns.", call.place);
    }
    if (keyword != "name" && keyword != "metadata") table.options.emplace_back(keyword, value);
  }
  for (Value& item : table.items) {
    if (!is_column_call(item)) continue;
    const std::string column = alembic::column_name_of(item);
    table.columns.emplace(column, item.term()->place);
  }
  return table;
}

/// `schema=`, which comes to a table by its options, else by its metadata.
void settle_schema(DeclaredTable& table, const std::optional<std::string>& of_metadata) {
  const auto given = std::ranges::find(table.options, std::string("schema"),
                                       &std::pair<std::string, Value>::first);
  if (given == table.options.end()) {
    table.schema = of_metadata;
    return;
  }
  const auto* text = text_in(given->second);
  if (text != nullptr) {
    table.schema = *text;
  } else if (!given->second.is_none()) {
    throw Error(Reason::NotUnderstood,
                fmt::format("the schema of the table {} is not understood", table.name),
                "Give it as a text.", table.place);
  }
  table.options.erase(given);
}

void note_used(const Value& value, std::set<const Term*>& used, int depth = 0) {
  const Term* term = value.term();
  if (term == nullptr || depth > 10) return;
  used.insert(term);
  for (const Value& item : term->arguments.positional) note_used(item, used, depth + 1);
}

std::optional<std::string> schema_of(const Value& metadata, const python::Evaluator& evaluator,
                                     const Host::Noted& noted) {
  for (auto one = noted.schemas.rbegin(); one != noted.schemas.rend(); ++one) {
    if (!is_same_metadata(metadata_of(one->first, evaluator, noted.flask), metadata)) continue;
    const auto* assigned = text_in(one->second);
    return assigned == nullptr ? std::nullopt : std::optional(*assigned);
  }
  const Term* term = metadata.term();
  const Value* given = term == nullptr ? nullptr : term->arguments.find("schema");
  const auto* text = given == nullptr ? nullptr : text_in(*given);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

/// `Index(...).ddl_if(dialect="postgresql")`: the construct; nothing where it is for others.
std::optional<Value> of_postgresql(const Value& item) {
  const Term* condition = item.term();
  if (condition == nullptr || !condition->object || condition->callee != "ddl_if") return item;
  const Value* dialect = condition->arguments.find("dialect");
  if (dialect == nullptr && !condition->arguments.positional.empty()) {
    dialect = &condition->arguments.positional.front();
  }
  const auto* name = dialect == nullptr ? nullptr : text_in(*dialect);
  const auto* names = dialect == nullptr ? nullptr : alembic::sequence_in(*dialect);
  const bool ours = name != nullptr
                        ? *name == "postgresql"
                        : names != nullptr && std::ranges::any_of(*names, [](const Value& v) {
                            return text_in(v) != nullptr && *text_in(v) == "postgresql";
                          });
  if (name == nullptr && names == nullptr) return item;
  return ours ? std::optional(*condition->object) : std::nullopt;
}

bool is_metadata(const Value& item) {
  if (item.term() != nullptr) return last_part(item.term()->callee) == "MetaData";
  const auto* attribute = item.get_if<std::shared_ptr<const python::Attribute>>();
  return attribute != nullptr && (*attribute)->name == "metadata";
}

/// `CheckConstraint(..., _create_rule=lambda compiler: ...)`: the constraint; nothing where the
/// rule leaves it out here.
std::optional<Value> by_its_rule(const Value& item, python::Evaluator& evaluator) {
  const Term* constraint = item.term();
  const Value* rule = constraint == nullptr ? nullptr : constraint->arguments.find("_create_rule");
  if (rule == nullptr) return item;
  const Value compiler = Symbol{std::string(alembic::kConnection)};
  const Value made = evaluator.call(*rule, {{compiler}, {}}, constraint->place);
  const auto* wanted = made.get_if<bool>();
  if (wanted == nullptr) return item;
  if (!*wanted) return std::nullopt;
  Term copy = *constraint;
  std::erase_if(copy.arguments.keyword,
                [](const auto& one) { return one.first == "_create_rule"; });
  return Value(std::make_shared<const Term>(std::move(copy)));
}

/// Names of classes that make a model of what inherits from them.
std::set<std::string> names_of_models(const python::Evaluator& evaluator,
                                      const Host::Noted& noted) {
  std::set<std::string> names{"Model", "DeclarativeBase", "SQLModel"};
  for (const Value& type : noted.classes) {
    const auto body = evaluator.body_of(type);
    if (body && role_of(*body, evaluator).declarative) names.insert(body->name);
  }
  return names;
}

/// SQLAlchemy-Continuum makes a table of versions beside each model that asks for it.
void note_versioned(const python::Evaluator& evaluator, const Host::Noted& noted,
                    Declared& declared) {
  for (const Value& type : noted.classes) {
    const auto body = evaluator.body_of(type);
    const bool versioned = body && std::ranges::any_of(body->entries, [](const auto& entry) {
                             return entry.name == "__versioned__";
                           });
    if (!versioned) continue;
    declared.unread.push_back(
        {{},
         body->name,
         Error(
             Reason::NotUnderstood,
             fmt::format("the model {} is versioned, and the tables that this brings are not known",
                         body->name),
             "Print the models' SQL by a command: models.command.", body->place)});
  }
}

/// A class with columns that inherits from what is not known may be a model, of a table that its
/// base names. One that others inherit from is told of there.
void note_unknown_bases(const python::Evaluator& evaluator, const Host::Noted& noted,
                        Declared& declared) {
  std::set<const python::Class*> inherited;
  for (const Value& type : noted.classes) {
    const auto body = evaluator.body_of(type);
    for (std::size_t i = 1; body && i < body->line.size(); ++i) {
      if (const auto* base = body->line[i].get_if<std::shared_ptr<python::Class>>()) {
        inherited.insert(base->get());
      }
    }
  }
  for (const Value& type : noted.classes) {
    const auto body = evaluator.body_of(type);
    if (!body || inherited.contains(type.get_if<std::shared_ptr<python::Class>>()->get())) continue;
    const bool has_columns = std::ranges::any_of(body->entries, [](const auto& entry) {
      return entry.value && is_column_call(*entry.value);
    });
    const bool named = std::ranges::any_of(body->entries, [](const auto& entry) {
      return entry.name == "__tablename__" || entry.name == "__table__";
    });
    const Role role = role_of(*body, evaluator);
    if (!has_columns || named || role.declarative || role.unknown_bases.empty()) continue;
    declared.unread.push_back(
        {{},
         body->name,
         Error(Reason::NotUnderstood,
               fmt::format("the class {} with its columns inherits from {}, which is not known",
                           body->name, role.unknown_bases.front()),
               "Mount the module that has it: models.root is the folder that imports begin in, "
               "models.packages "
               "one of packages of others.",
               body->place)});
  }
}

/// Takes what the files call them as well.
void add_other_names(std::set<std::string>& models,
                     const std::vector<std::pair<std::string, std::string>>& names) {
  for (bool more = true; std::exchange(more, false);) {
    for (const auto& [name, other] : names) {
      if (models.contains(name) && models.insert(other).second) more = true;
    }
  }
}

bool is_of_package(const Place& place, const Host::Noted& noted) {
  return std::ranges::find(noted.of_packages, place.file) != noted.of_packages.end();
}

/// A package's tables are the application's where they are on its metadata; else they are of a
/// database that the package keeps for itself.
void drop_tables_of_packages(std::vector<DeclaredTable>& tables, const python::Evaluator& evaluator,
                             const Host::Noted& noted) {
  if (noted.of_packages.empty()) return;
  std::vector<Value> own;
  for (const DeclaredTable& table : tables) {
    if (is_of_package(table.place, noted)) continue;
    own.push_back(metadata_of(table.metadata, evaluator, noted.flask));
  }
  std::erase_if(tables, [&](const DeclaredTable& table) {
    if (!is_of_package(table.place, noted)) return false;
    const Value metadata = metadata_of(table.metadata, evaluator, noted.flask);
    return std::ranges::none_of(own,
                                [&](const Value& one) { return is_same_metadata(one, metadata); });
  });
}

}  // namespace

Declared declared_tables(python::Evaluator& evaluator, const Host::Noted& noted) {
  Declared declared;
  std::vector<DeclaredTable>& tables = declared.tables;
  for (const Value& call : noted.tables) {
    const Term& term = *call.term();
    // A file that is imported by two names is carried out twice.
    const auto* called =
        term.arguments.positional.empty() ? nullptr : text_in(term.arguments.positional.front());
    const bool again = std::ranges::any_of(tables, [&](const DeclaredTable& one) {
      return called != nullptr && one.name == *called && same_place(one.place, term.place);
    });
    if (again) continue;
    try {
      tables.push_back(table_of_call(term));
    } catch (const Error& error) {
      const auto* name =
          term.arguments.positional.empty() ? nullptr : text_in(term.arguments.positional.front());
      declared.unread.push_back({name == nullptr ? std::string() : *name, {}, error});
    }
  }
  ClassMapper classes(evaluator, tables, declared.unread, noted.flask);
  // By two names again; a function makes several classes at one place, all in one module.
  std::vector<std::pair<Place, std::string>> seen;
  // A copy: the classes of libraries that mapping brings in are noted, too.
  for (const std::vector<Value> made = noted.classes; const Value& type : made) {
    const auto body = evaluator.body_of(type);
    const bool again = body && std::ranges::any_of(seen, [&](const auto& one) {
                         return same_place(one.first, body->place) && one.second != body->module;
                       });
    if (!body || again) continue;
    seen.emplace_back(body->place, body->module);
    classes.map(type);
  }

  for (DeclaredTable& table : tables) {
    std::vector<Value> items;
    try {
      for (const Value& item : table.items) {
        // SQLAlchemy takes it, and does nothing with it.
        if (is_metadata(item)) continue;
        auto ours = of_postgresql(item);
        if (ours) ours = by_its_rule(*ours, evaluator);
        if (ours) items.push_back(*std::move(ours));
      }
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood) throw;
      declared.unread.push_back({table.name, table.model, error});
    }
    table.items = std::move(items);
  }

  // By name what is meant by object; then what stands outside of its table.
  const Resolver resolver(tables, classes, evaluator, noted.compiled);
  std::set<const Term*> used;
  for (const DeclaredTable& table : tables) {
    for (const Value& item : table.items) note_used(item, used);
  }
  for (const std::vector<Value> made = noted.constructs; const Value& construct : made) {
    if (used.contains(construct.term())) continue;
    if (const auto at = resolver.table_in(construct)) tables[*at].items.push_back(construct);
  }
  std::vector<std::optional<std::string>> schemas;
  for (DeclaredTable& table : tables) {
    schemas.push_back(
        schema_of(metadata_of(table.metadata, evaluator, noted.flask), evaluator, noted));
    try {
      settle_schema(table, schemas.back());
    } catch (const Error& error) {
      declared.unread.push_back({table.name, table.model, error});
    }
  }
  for (DeclaredTable& table : tables) {
    try {
      for (Value& item : table.items) item = resolver.resolved(item);
      for (auto& [name, value] : table.options) value = resolver.resolved(value);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood) throw;
      declared.unread.push_back({table.name, table.model, error});
    }
  }
  std::vector<std::vector<Value>> items;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    items.emplace_back();
    try {
      for (const Value& item : tables[i].items) {
        items.back().push_back(with_reference(item, tables[i], tables, schemas[i]));
      }
    } catch (const Error& error) {
      declared.unread.push_back({tables[i].name, tables[i].model, error});
    }
  }
  for (std::size_t i = 0; i < tables.size(); ++i) tables[i].items = std::move(items[i]);

  note_versioned(evaluator, noted, declared);
  note_unknown_bases(evaluator, noted, declared);
  for (const auto& [place, why] : noted.uncertain) {
    for (const DeclaredTable& table : tables) {
      if (!same_place(table.place, place)) continue;
      declared.unread.push_back(
          {table.name, table.model,
           Error(Reason::NotUnderstood,
                 fmt::format("whether the table {} is declared depends on {}", table.name, why),
                 "Declare what it depends on in the settings, environment.", place)});
    }
  }
  std::set<std::string> models = names_of_models(evaluator, noted);
  std::vector<std::pair<std::string, std::string>> other_names;
  for (const std::string& file :
       noted.failures.empty() ? std::vector<std::string>{} : noted.files) {
    const auto names = other_names_in(alembic::module_text(file).value_or(""));
    other_names.insert(other_names.end(), names.begin(), names.end());
  }
  for (const Host::Failure& failure : noted.failures) models.insert(base_in(failure.text));
  models.erase("");
  add_other_names(models, other_names);
  for (const Host::Failure& failure : noted.failures) {
    // The list of files is no file: one of them could not be read at all.
    const bool whole_file = !failure.place.file.ends_with(".py");
    // Of a package's classes those matter that the application's inherit from, which say so.
    if (is_of_package(failure.place, noted) && named_in(failure.text).empty()) continue;
    if (!whole_file && !may_declare(failure.text) && !may_be_model(failure.text, models) &&
        !may_change(failure.text, tables)) {
      continue;
    }
    if (const std::string type = class_in(failure.text); models.insert(type).second) {
      add_other_names(models, other_names);
    }
    declared.unread.push_back({named_in(failure.text), class_in(failure.text), failure.error});
  }
  drop_tables_of_packages(tables, evaluator, noted);
  const auto is_unread = [&](const DeclaredTable& table) {
    return std::ranges::any_of(declared.unread,
                               [&](const Unread& one) { return one.table == table.name; });
  };
  std::erase_if(tables, is_unread);
  return declared;
}

std::vector<ListenedDdl> listened_ddl(const python::Evaluator& evaluator, const Host::Noted& noted,
                                      Declared& declared) {
  std::vector<ListenedDdl> all;
  const auto note = [&](const Term& call, const std::string& what) {
    declared.notes.push_back(fmt::format("{} is not carried out: {}", what, to_string(call.place)));
  };
  for (const Value& listener : noted.listeners) {
    const Term& call = *listener.term();
    const auto& given = call.arguments.positional;
    const auto* event = given.size() < 2 ? nullptr : text_in(given[1]);
    if (event == nullptr || (*event != "after_create" && *event != "before_create")) continue;
    if (given.size() < 3) {
      note(call, "a listener of " + *event);
      continue;
    }
    const Term* ddl = given[2].term();
    bool elsewhere = false;
    while (ddl != nullptr && ddl->object) {
      if (ddl->callee == "execute_if") {
        const Value* dialect = ddl->arguments.find("dialect");
        const auto* name = dialect == nullptr ? nullptr : text_in(*dialect);
        elsewhere = elsewhere || (name != nullptr && *name != "postgresql");
      }
      ddl = ddl->object->term();
    }
    if (elsewhere) continue;
    const auto* text =
        ddl != nullptr && last_part(ddl->callee) == "DDL" && !ddl->arguments.positional.empty()
            ? text_in(ddl->arguments.positional.front())
            : nullptr;
    if (text == nullptr) {
      note(call, "a listener of " + *event);
      continue;
    }
    ListenedDdl made{*event == "before_create", {}, *text, call.place};
    const Value& target = given[0];
    for (const DeclaredTable& table : declared.tables) {
      bool of = table.term != nullptr && table.term == target.term();
      if (const auto* attribute = target.get_if<std::shared_ptr<const python::Attribute>>();
          attribute != nullptr && (*attribute)->name == "__table__") {
        const auto body = evaluator.body_of(*(*attribute)->object);
        of = of || (body && body->name == table.model && !table.model.empty());
      }
      if (of) made.table = table.key();
    }
    // Of a table that is not read.
    const auto* attribute = target.get_if<std::shared_ptr<const python::Attribute>>();
    const bool of_table =
        (target.term() != nullptr && last_part(target.term()->callee) == "Table") ||
        (attribute != nullptr && (*attribute)->name == "__table__");
    if (of_table && made.table.empty()) continue;
    all.push_back(std::move(made));
  }
  return all;
}

}  // namespace driftd::models
