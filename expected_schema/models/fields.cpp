// https://sqlmodel.tiangolo.com/: fields become columns by their annotation and Field(...).
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/columns.h"
#include "expected_schema/models/declared.h"
#include "expected_schema/models/host.h"

namespace driftd::models {

using alembic::text_in;
using python::Symbol;
using python::Term;

namespace {

const Value* option(const Term* field, std::string_view name) {
  const Value* found = field == nullptr ? nullptr : field->arguments.find(name);
  return found == nullptr || found->is_none() ? nullptr : found;
}

bool is_undefined(const Value& value) {
  const auto* symbol = value.get_if<Symbol>();
  return symbol != nullptr && last_part(symbol->path) == "Undefined";
}

Value text_type(const Term* field) {
  const Value* length = option(field, "max_length");
  if (length == nullptr) return Symbol{"sqlalchemy.String"};
  return call_of("sqlalchemy.String", {{*length}, {}}, field->place);
}

/// get_sqlalchemy_type() of sqlmodel.
std::optional<Value> type_of_field(const Annotation& annotation, const Term* field,
                                   const python::Evaluator& evaluator) {
  if (const Value* own = option(field, "sa_type"); own != nullptr && !is_undefined(*own))
    return *own;
  const Value& type = annotation.python;
  if (is_enumeration(type, evaluator)) return call_of("sqlalchemy.Enum", {{type}, {}}, {});
  const std::string name = class_name(type, evaluator);
  if (name == "str") return text_type(field);
  if (name.starts_with("pydantic.")) {
    for (const std::string_view text :
         {"EmailStr", "AnyUrl", "HttpUrl", "SecretStr", "constr", "NameEmail", "StrictStr"}) {
      if (last_part(name) == text) return text_type(field);
    }
  }
  if (name.starts_with("ipaddress.") || name == "pathlib.Path") return Symbol{"sqlalchemy.String"};
  if (name == "decimal.Decimal") {
    python::Arguments given;
    if (const Value* digits = option(field, "max_digits")) {
      given.keyword.emplace_back("precision", *digits);
    }
    if (const Value* places = option(field, "decimal_places")) {
      given.keyword.emplace_back("scale", *places);
    }
    return call_of("sqlalchemy.Numeric", std::move(given), {});
  }
  return annotation.type;
}

Value reference(const Term& field) {
  python::Arguments given;
  given.positional.push_back(*option(&field, "foreign_key"));
  if (const Value* action = option(&field, "ondelete");
      action != nullptr && !is_undefined(*action)) {
    given.keyword.emplace_back("ondelete", *action);
  }
  return call_of("sqlalchemy.ForeignKey", std::move(given), field.place);
}

}  // namespace

std::vector<MadeColumn> columns_of_field(const Attribute& attribute, python::Evaluator& evaluator) {
  if (!attribute.annotation || attribute.name.starts_with('_') ||
      attribute.name == "model_config") {
    return {};
  }
  Annotation annotation = read_annotation(*attribute.annotation, {}, evaluator);
  if (annotation.mapped || annotation.relationship) return columns_of(attribute, {}, evaluator);
  const auto* outer = attribute.annotation->get_if<std::shared_ptr<const python::Operation>>();
  const auto* generic = outer == nullptr ? nullptr : (*outer)->left->get_if<Symbol>();
  if (generic != nullptr && last_part(generic->path) == "ClassVar") return {};
  const Term* field = attribute.value ? attribute.value->term() : nullptr;
  for (const Value& more : annotation.columns) {
    if (field == nullptr && more.term() != nullptr) field = more.term();
  }
  if (field != nullptr && last_part(field->callee) == "Relationship") return {};
  if (const Value* column = option(field, "sa_column");
      column != nullptr && !is_undefined(*column)) {
    Attribute own = attribute;
    own.value = *column;
    own.annotation.reset();
    std::vector<MadeColumn> made = columns_of(own, {}, evaluator);
    for (MadeColumn& one : made) one.made_from.push_back(field);
    return made;
  }
  MadeColumn made;
  made.name = attribute.name;
  python::Arguments given;
  given.positional.emplace_back(attribute.name);
  const auto type = type_of_field(annotation, field, evaluator);
  if (!type) {
    throw Error(Reason::NotUnderstood,
                fmt::format("the field {} of the type {} is not understood", attribute.name,
                            python::repr(annotation.python)),
                "Give it a column: Field(sa_column=Column(...)), or sa_type=.", attribute.place);
  }
  given.positional.push_back(*type);
  bool primary = false;
  if (const Value* key = option(field, "primary_key")) {
    const auto* flag = key->get_if<bool>();
    primary = flag != nullptr && *flag;
    given.keyword.emplace_back("primary_key", primary);
  }
  bool nullable = annotation.optional && !primary;
  if (const Value* own = option(field, "nullable");
      own != nullptr && own->get_if<bool>() != nullptr) {
    nullable = *own->get_if<bool>();
  }
  given.keyword.emplace_back("nullable", nullable);
  for (const char* passed : {"index", "unique"}) {
    const Value* flag = option(field, passed);
    if (flag != nullptr && !is_undefined(*flag)) given.keyword.emplace_back(passed, *flag);
  }
  if (const Value* key = option(field, "foreign_key"); key != nullptr && !is_undefined(*key)) {
    given.positional.push_back(reference(*field));
  }
  if (const Value* value = option(field, "default"); value != nullptr) {
    given.keyword.emplace_back("default", *value);
  } else if (option(field, "default_factory") != nullptr) {
    given.keyword.emplace_back("default", *option(field, "default_factory"));
  }
  if (const Value* more = option(field, "sa_column_args")) {
    if (const auto* items = alembic::sequence_in(*more)) {
      given.positional.insert(given.positional.end(), items->begin(), items->end());
    }
  }
  if (const Value* more = option(field, "sa_column_kwargs")) {
    if (const auto* dict = more->get_if<python::Dict>()) {
      for (const auto& [key, value] : **dict) {
        const auto* name = text_in(key);
        if (name == nullptr) continue;
        std::erase_if(given.keyword, [&](const auto& one) { return one.first == *name; });
        given.keyword.emplace_back(*name, value);
      }
    }
  }
  made.column = call_of("sqlalchemy.Column", std::move(given),
                        field != nullptr ? field->place : attribute.place);
  if (field != nullptr) made.made_from.push_back(field);
  return {made};
}

}  // namespace driftd::models
