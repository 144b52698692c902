#include "expected_schema/alembic/statement.h"

#include <fmt/format.h>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/column.h"
#include "expected_schema/alembic/dml.h"
#include "expected_schema/alembic/index.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/alembic/table.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Arguments;
using python::Dict;
using python::Term;
using python::Value;

namespace {

/// The values of a statement's parameters.
struct Given {
  Binds binds;
  bool partly = false;               ///< one of them is known only when the application runs
  std::string what = "a parameter";  ///< that one
};

void bind_value(Given& given, const std::string& name, const Value& value) {
  const auto constant = literal(value);
  if (!constant) given.partly = true;
  given.binds.insert_or_assign(name, constant.value_or("$1"));
}

/// `{"x": 1}`, `x=1` and `sa.bindparam("x", 1)`, as .bindparams() and .execute() take them.
void bind_all(Given& bound, const Arguments& arguments, const Place& place) {
  for (const auto& [name, value] : arguments.keyword) {
    if (name == "**") bound.partly = true;
    if (name != "execution_options" && name != "**") bind_value(bound, name, value);
  }
  for (const Value& value : arguments.positional) {
    if (const auto* dict = value.get_if<Dict>()) {
      for (const auto& [key, item] : **dict) {
        if (const auto* name = text_in(key)) bind_value(bound, *name, item);
        if (key.unknown() != nullptr) bound.partly = true;
      }
    } else if (sequence_in(value) != nullptr || python::unknown_part(value)) {
      bound.partly = true;  // of executemany(): rows, and how many of them
    } else if (value.is_none()) {
      continue;
    } else if (made_by(value) == "bindparam" && value.term() != nullptr) {
      const Call call(
          *value.term(), "sa.bindparam",
          {"key", "value", "type_", "unique", "required", "expanding", "literal_execute"});
      const Value* given = call.given("value");
      if (given != nullptr) bind_value(bound, call.need_text("key"), *given);
    } else {
      not_understood("the parameters " + python::repr(value), place,
                     "Give the parameters of one statement as a dictionary.");
    }
  }
}

/// A text that is known, or known but for the parts that `$1` stands for.
const std::string* known_text(const Value& value, Given& given) {
  if (const auto* text = text_in(value)) return text;
  const python::Unknown* unknown = value.unknown();
  if (unknown == nullptr || !unknown->text) return nullptr;
  given.partly = true;
  given.what = unknown->what;
  return &*unknown->text;
}

/// The text of `sa.text("...")` with its chain of .bindparams(); null where the value is none.
const std::string* text_chain(const Value& value, Given& bound) {
  const Term* term = value.term();
  if (term == nullptr) return nullptr;
  if (term->object) {
    const bool binds = term->callee == "bindparams" || term->callee == "params";
    if (!binds && term->callee != "execution_options" && term->callee != "columns") {
      return nullptr;
    }
    const std::string* text = text_chain(*term->object, bound);
    if (text != nullptr && binds) bind_all(bound, term->arguments, term->place);
    return text;
  }
  if (short_name(term->callee) != "text") return nullptr;
  const Value* given = term->arguments.find("text");
  if (given == nullptr && !term->arguments.positional.empty()) {
    given = &term->arguments.positional.front();
  }
  return given == nullptr ? nullptr : known_text(*given, bound);
}

/// `sa.DDL("...", context={...})`: Python's % formatting with the names of the context.
std::string ddl_text(const Term& term) {
  const Call call(term, "sa.DDL", {"statement", "context", "bind"});
  const std::string text = call.need_text("statement");
  const Value* context = call.find("context");
  const auto* names = context == nullptr ? nullptr : context->get_if<Dict>();
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '%') {
      result += '%';
      ++i;
      continue;
    }
    const std::size_t end = text.find(")s", i);
    const bool named = i + 1 < text.size() && text[i + 1] == '(' && end != std::string::npos;
    const std::string name = named ? text.substr(i + 2, end - i - 2) : std::string();
    const std::string* value = nullptr;
    for (std::size_t k = 0; names != nullptr && k < (*names)->size(); ++k) {
      const auto& [key, item] = (**names)[k];
      if (text_in(key) != nullptr && *text_in(key) == name) value = text_in(item);
    }
    if (value == nullptr) call.refuse("statement", "Write %% for a percent sign.");
    result += *value;
    i = end + 1;
  }
  return result;
}

Call sequence_call(const Term& sequence) {
  Call call(sequence, "sa.Sequence",
            {"name", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue",
             "cycle", "schema", "cache", "order", "data_type", "optional", "quote", "metadata",
             "quote_schema", "for_update"});
  call.check_quote("name");
  call.check_quote("schema", "quote_schema");
  return call;
}

Target table_target(const Term& table) {
  const Value* schema = table.arguments.find("schema");
  const auto* name =
      table.arguments.positional.empty() ? nullptr : text_in(table.arguments.positional.front());
  if (name == nullptr) not_understood("the table " + python::repr(Value()), table.place);
  const auto* schema_name = schema == nullptr ? nullptr : text_in(*schema);
  return {*name, schema_name == nullptr ? std::nullopt : std::optional(*schema_name)};
}

/// `sa.schema.CreateTable(sa.Table("t", metadata, ...))` as op.create_table of the same table.
void create_table_construct(const Term& construct, const Emitter& emitter) {
  const Call outer(construct, "sa.schema.CreateTable",
                   {"element", "bind", "include_foreign_key_constraints", "if_not_exists"});
  const Term* table = outer.need("element").term();
  if (table == nullptr || made_by(outer.need("element")) != "Table") outer.refuse("element");
  create_or_drop_table(*table, true, false, emitter);
}

/// A construct of sqlalchemy.schema; false where it is none.
bool run_construct(const Value& value, const Emitter& emitter) {
  const Term* term = value.term();
  const std::string maker = made_by(value);
  if (term == nullptr || maker.empty()) return false;
  const auto element = [&](const Call& call, std::string_view made) -> const Term& {
    const Term* inner = call.need("element").term();
    if (inner == nullptr || made_by(call.need("element")) != made) call.refuse("element");
    return *inner;
  };
  if (maker == "CreateSequence" || maker == "DropSequence") {
    const Call call(*term, "sa.schema." + maker, {"element", "bind", "if_not_exists", "if_exists"});
    const Term& sequence = element(call, "Sequence");
    if (maker == "CreateSequence") {
      create_sequence(sequence, call.on("if_not_exists"), emitter);
    } else {
      drop_sequence(sequence, call.on("if_exists"), emitter);
    }
  } else if (maker == "CreateSchema" || maker == "DropSchema") {
    const Call call(*term, "sa.schema." + maker,
                    {"name", "quote", "bind", "cascade", "if_not_exists", "if_exists"});
    call.check_quote("name");
    emitter.run(fmt::format("{} SCHEMA {}{}{}", maker == "CreateSchema" ? "CREATE" : "DROP",
                            call.on("if_not_exists") ? "IF NOT EXISTS "
                            : call.on("if_exists")   ? "IF EXISTS "
                                                     : "",
                            quote_identifier(call.need_text("name")),
                            call.on("cascade") ? " CASCADE" : ""));
  } else if (maker == "CreateTable") {
    create_table_construct(*term, emitter);
  } else if (maker == "DropTable") {
    const Call call(*term, "sa.schema.DropTable", {"element", "bind", "if_exists"});
    emitter.run(fmt::format("DROP TABLE {}{}", call.on("if_exists") ? "IF EXISTS " : "",
                            table_target(element(call, "Table")).sql()));
  } else if (maker == "CreateIndex") {
    const Call call(*term, "sa.schema.CreateIndex", {"element", "bind", "if_not_exists"});
    const Term& index = element(call, "Index");
    // An index knows its table by the columns of sa.Table(...) that it names.
    not_understood(
        "sa.schema.CreateIndex of " + python::repr(Value(std::make_shared<const Term>(index))),
        term->place, "Write it as op.create_index().");
  } else {
    return false;
  }
  return true;
}

/// Whether all functions of that name are PostgreSQL's own, of which but few do what they are told.
bool is_of_postgresql(const std::string& name, const Emitter& emitter) {
  for (const std::string_view prefix :
       {"query_to", "cursor_to", "table_to", "schema_to", "database_to", "lo_", "pg_", "ts_"}) {
    if (name.starts_with(prefix)) return false;
  }
  const auto answer = emitter.ask(
      "SELECT pg_catalog.bool_and(n.nspname = 'pg_catalog') FROM pg_catalog.pg_proc p JOIN "
      "pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = " +
      string_literal(name));
  return answer && answer->rows.front().front() == "t";
}

}  // namespace

void create_or_drop_table(const Term& table, bool create, bool first, const Emitter& emitter) {
  const Target target = table_target(table);
  if (!create) {
    emitter.run(fmt::format("DROP TABLE {}{}", first ? "IF EXISTS " : "", target.sql()));
    return;
  }
  // Name and metadata alone: its columns are the database's or the application's.
  if (table.arguments.positional.size() <= 2) {
    not_understood("the creation of the table " + target.sql() + ", whose columns stand elsewhere,",
                   emitter.place(), "Write it as op.create_table().");
  }
  if (first) {
    const auto there =
        emitter.ask(fmt::format("SELECT pg_catalog.to_regclass({})", string_literal(target.sql())));
    if (!there) not_understood("table.create() that looks first", emitter.place());
    if (there->rows.front().front()) return;
  }
  create_table(table_call(table), emitter);
}

void create_sequence(const Term& sequence, bool if_not_exists, const Emitter& emitter) {
  Call call = sequence_call(sequence);
  if (call.find("start") == nullptr) call.set("start", std::int64_t{1});
  std::string type;
  if (const Value* given = call.find("data_type")) type = " AS " + type_sql(*given, call.place());
  emitter.run(fmt::format("CREATE SEQUENCE {}{}{} {}", if_not_exists ? "IF NOT EXISTS " : "",
                          qualified(call.text("schema"), call.need_text("name")), type,
                          sequence_options(call)));
}

void drop_sequence(const Term& sequence, bool if_exists, const Emitter& emitter) {
  const Call call = sequence_call(sequence);
  emitter.run(fmt::format("DROP SEQUENCE {}{}", if_exists ? "IF EXISTS " : "",
                          qualified(call.text("schema"), call.need_text("name"))));
}

Value run_statement(const Value& statement, const Arguments& parameters, const std::string& shown,
                    const Emitter& emitter) {
  Given bound;
  const std::string* text = known_text(statement, bound);
  if (text == nullptr) text = text_chain(statement, bound);
  if (text != nullptr) {
    bind_all(bound, parameters, emitter.place());
    const std::string sql = bound.partly ? partial_text_clause(*text, bound.binds)
                                         : text_clause(*text, bound.binds, emitter.place());
    return bound.partly ? emitter.pass_over_text(sql, shown, bound.what)
                        : emitter.run_text(sql, shown);
  }
  if (made_by(statement) == "DDL" && statement.term() != nullptr) {
    emitter.run(ddl_text(*statement.term()));
    return unknown_result(emitter.place());
  }
  if (run_construct(statement, emitter)) return unknown_result(emitter.place());
  const Query query = query_of(statement);
  if (query == Query::None) {
    not_understood(
        fmt::format("{} of {}", shown, python::repr(statement)), emitter.place(),
        "Give the statement as a text that can be read without running the application.");
  }
  const bool given = !parameters.positional.empty() || !parameters.keyword.empty();
  if (query != Query::Select && !given) {
    if (const auto sql = dml_sql(statement)) {
      emitter.run_rows(*sql);
      return unknown_result(emitter.place());
    }
  }
  const auto computes = [&](const std::string& name) { return is_of_postgresql(name, emitter); };
  if (const std::string function = function_in(statement, computes); !function.empty()) {
    not_understood(
        fmt::format("{} of {}, which calls {}", shown, python::repr(statement), function),
        emitter.place(),
        "What a function does to the schema cannot be seen; write the "
        "statement as sa.text(\"...\").");
  }
  if (query != Query::Select) emitter.pass_over();
  return unknown_result(emitter.place());
}

void bulk_insert(const Value& table, const std::vector<Value>& rows, const Emitter& emitter) {
  if (rows.empty()) return;
  if (const auto sql = insert_sql(table, rows)) {
    emitter.run_rows(*sql);
  } else {
    emitter.pass_over();
  }
}

}  // namespace driftd::alembic
