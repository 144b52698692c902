#include "expected_schema/alembic/enumeration.h"

#include <fmt/format.h>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;

namespace {

bool is_class(const Value& value) {
  return value.get_if<std::shared_ptr<python::Class>>() != nullptr;
}

/// The labels of a Python enum: its members' names, or what values_callable makes of the class.
std::vector<std::string> labels_of_class(const Value& type, const Value* values_callable,
                                         const Call& call, const Emitter& emitter) {
  python::Evaluator& evaluator = emitter.evaluator();
  std::vector<std::string> labels;
  if (values_callable != nullptr) {
    const Value made = evaluator.call(*values_callable, {{type}, {}}, call.place());
    for (const Value& item : evaluator.items(made, call.place())) {
      labels.push_back(evaluator.text(item, call.place()));
    }
    return labels;
  }
  for (const Value& member : evaluator.items(type, call.place())) {
    labels.push_back(
        evaluator.text(evaluator.attribute(member, "name", call.place()), call.place()));
  }
  return labels;
}

}  // namespace

std::string EnumType::sql_name(const std::optional<std::string>& table_schema) const {
  return qualified(schema || !inherit_schema ? schema : table_schema, name.value_or(""));
}

std::optional<EnumType> enum_of(const Value& value, const Emitter& emitter) {
  const python::Term* term = value.term();
  const std::string maker = made_by(value);
  const bool own = maker == "postgresql.ENUM";
  if (term == nullptr || (maker != "Enum" && !own)) return std::nullopt;
  static const std::vector<std::string_view> parameters = {"*enums",
                                                           "name",
                                                           "schema",
                                                           "inherit_schema",
                                                           "native_enum",
                                                           "native",
                                                           "create_constraint",
                                                           "create_type",
                                                           "metadata",
                                                           "values_callable",
                                                           "length",
                                                           "validate_strings",
                                                           "quote",
                                                           "omit_aliases",
                                                           "sort_key_function",
                                                           "checkfirst"};
  // What it does not know it takes, and leaves alone.
  python::Term known = *term;
  std::erase_if(known.arguments.keyword, [](const auto& one) {
    return !one.first.starts_with('*') &&
           std::ranges::find(parameters, std::string_view(one.first)) == parameters.end();
  });
  const Call call(known, own ? "postgresql.ENUM" : "sa.Enum", parameters);
  EnumType result;
  result.name = call.text("name");
  result.settled = call.settled("name");
  call.check_quote("name");
  result.schema = call.text("schema");
  result.inherit_schema = call.on("inherit_schema");
  result.native = own || call.flag("native_enum").value_or(true);
  result.create_constraint = call.on("create_constraint");
  result.create_type = !own || call.flag("create_type").value_or(true);
  result.in_metadata = call.find("metadata") != nullptr;
  result.check_first = own;
  for (const Value& item : call.rest()) {
    if (const auto* label = text_in(item)) {
      result.labels.push_back(*label);
    } else if (is_class(item) && call.rest().size() == 1) {
      result.labels = labels_of_class(item, call.find("values_callable"), call, emitter);
      if (!result.name) {
        result.name = lower(emitter.evaluator().text(
            emitter.evaluator().attribute(item, "__name__", call.place()), call.place()));
      }
    } else if (sequence_in(item) != nullptr && call.rest().size() == 1 && result.native) {
      // `Enum(("a", "b"))`: SQLAlchemy names such a type, and fails when it is to make it.
      result.of_sequence = true;
    } else {
      not_understood(fmt::format("{} of {}", call.shown(), python::repr(item)), call.place(),
                     "Write the labels of the enumeration as texts in the migration.");
    }
  }
  result.length = call.number("length");
  return result;
}

void create_enum(const EnumType& enumeration, const std::optional<std::string>& table_schema,
                 bool unless_there, const Emitter& emitter) {
  const std::string name = enumeration.sql_name(table_schema);
  if (enumeration.of_sequence) {
    not_understood("the creation of the enumeration " + name + ", whose labels are one sequence,",
                   emitter.place(),
                   "Write each label as an argument of its own: sa.Enum(*labels).");
  }
  std::string labels;
  for (const std::string& label : enumeration.labels) {
    if (!labels.empty()) labels += ", ";
    labels += string_literal(label);
  }
  const std::string create = fmt::format("CREATE TYPE {} AS ENUM ({})", name, labels);
  if (!unless_there) {
    emitter.run(create);
    return;
  }
  std::string tag = "$driftd$";
  while (create.find(tag) != std::string::npos) tag.insert(1, "_");
  emitter.run(fmt::format("DO {0} BEGIN IF to_regtype({1}) IS NULL THEN {2}; END IF; END {0}", tag,
                          string_literal(name), create));
}

void drop_enum(const EnumType& enumeration, bool if_there, const Emitter& emitter) {
  emitter.run(fmt::format("DROP TYPE {}{}", if_there ? "IF EXISTS " : "",
                          enumeration.sql_name(std::nullopt)));
}

}  // namespace driftd::alembic
