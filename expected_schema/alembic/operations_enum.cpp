#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/operations.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

/// The operations of the libraries alembic-postgresql-enum and alembic-autogenerate-enums.
namespace driftd::alembic {

using python::Value;

namespace {

struct Use {
  std::optional<std::string> schema;
  std::string table;
  std::string column;
  bool array = false;
};

/// `("table", "column")`, or `TableReference(table_schema=, table_name=, column_name=, ...)`.
Use use_of(const Value& value, const Call& call) {
  if (const auto* pair = sequence_in(value); pair != nullptr && pair->size() >= 2) {
    const auto* table = text_in((*pair)[0]);
    const auto* column = text_in((*pair)[1]);
    if (table != nullptr && column != nullptr) return {std::nullopt, *table, *column, false};
  }
  const python::Term* term = value.term();
  if (term == nullptr || !term->callee.ends_with("TableReference")) {
    call.refuse("affected_columns", "Name each as TableReference(...).");
  }
  const Call reference(
      *term, "TableReference",
      {"table_name", "column_name", "column_type", "table_schema", "existing_server_default"});
  const Value* type = reference.find("column_type");
  return {reference.text("table_schema"), reference.need_text("table_name"),
          reference.need_text("column_name"),
          type != nullptr && python::repr(*type).ends_with("ARRAY")};
}

std::string default_of(const Use& use, const Emitter& emitter) {
  const auto answer = emitter.ask(fmt::format(
      "SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d JOIN "
      "pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid "
      "= pg_catalog.to_regclass({}) AND a.attname = {}",
      string_literal(qualified(use.schema, use.table)), string_literal(use.column)));
  if (!answer || answer->rows.empty()) return {};
  return answer->rows.front().front().value_or("");
}

std::vector<std::pair<std::string, std::string>> renames(const Call& call) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const Value& one : call.list("enum_values_to_rename")) {
    const auto* pair = sequence_in(one);
    const auto* from = pair == nullptr || pair->size() != 2 ? nullptr : text_in((*pair)[0]);
    const auto* to = from == nullptr ? nullptr : text_in((*pair)[1]);
    if (to == nullptr) call.refuse("enum_values_to_rename");
    result.emplace_back(*from, *to);
  }
  return result;
}

/// Of alembic-autogenerate-enums, which has an operation of that name too:
/// `op.sync_enum_values("public", "state", ["old"], ["new", "old"])` adds what is new.
bool add_enum_values(const Step& step) {
  const std::vector<Value>& given = step.term.arguments.positional;
  const auto texts = [](const Value& value) -> std::optional<std::vector<std::string>> {
    const auto* items = sequence_in(value);
    std::vector<std::string> result;
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      if (const auto* text = text_in((*items)[i])) result.push_back(*text);
    }
    return items == nullptr || result.size() != items->size() ? std::nullopt
                                                              : std::optional(result);
  };
  if (given.size() != 4) return false;
  const auto before = texts(given[2]);
  const auto after = texts(given[3]);
  if (!before || !after || after->empty()) return false;
  const Call call = step.bind({"schema", "name", "old_values", "new_values"});
  std::vector<std::string> added;
  for (const std::string& label : *after) {
    if (std::ranges::find(*before, label) == before->end()) added.push_back(label);
  }
  // The library takes them from a set, which has no order.
  if (added.size() > 1) {
    call.refuse("new_values", "In which order it adds several is not known; add one at a time.");
  }
  for (const std::string& label : added) {
    step.emitter.run(fmt::format("ALTER TYPE {} ADD VALUE {}",
                                 qualified(call.text("schema"), call.need_text("name")),
                                 string_literal(label)));
  }
  return true;
}

}  // namespace

bool run_enum_operation(const Step& step) {
  if (step.name != "sync_enum_values" || step.batch) return false;
  if (add_enum_values(step)) return true;
  const Call call = step.bind(
      {"enum_schema", "enum_name", "new_values", "affected_columns", "enum_values_to_rename"});
  const Emitter& emitter = step.emitter;
  const auto schema = call.text("enum_schema");
  const std::string name = call.need_text("enum_name");
  const std::string type = qualified(schema, name);
  const std::string made = qualified(schema, name + "_driftd_new");
  std::vector<std::string> labels;
  for (const std::string& label : call.names("new_values")) labels.push_back(string_literal(label));
  emitter.run(fmt::format("CREATE TYPE {} AS ENUM ({})", made, join(labels, ", ")));
  const auto renamed = renames(call);
  std::vector<std::string> defaults;
  for (const Value& value : call.list("affected_columns")) {
    const Use use = use_of(value, call);
    const std::string table = qualified(use.schema, use.table);
    const std::string column = quote_identifier(use.column);
    const std::string kept = default_of(use, emitter);
    if (!kept.empty()) {
      emitter.run(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", table, column));
      defaults.push_back(
          fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", table, column, kept));
    }
    std::string text = column + "::text" + (use.array ? "[]" : "");
    if (!renamed.empty() && !use.array) {
      std::string cases;
      for (const auto& [from, to] : renamed) {
        cases += fmt::format(" WHEN {} THEN {}", string_literal(from), string_literal(to));
      }
      text = fmt::format("(CASE {}{} ELSE {} END)", text, cases, text);
    }
    const std::string brackets = use.array ? "[]" : "";
    emitter.run(fmt::format("ALTER TABLE {} ALTER COLUMN {} TYPE {}{} USING {}::{}{}", table,
                            column, made, brackets, text, made, brackets));
  }
  emitter.run(fmt::format("DROP TYPE {}", type));
  emitter.run(fmt::format("ALTER TYPE {} RENAME TO {}", made, quote_identifier(name)));
  for (const std::string& sql : defaults) emitter.run(sql);
  return true;
}

}  // namespace driftd::alembic
