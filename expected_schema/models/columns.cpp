// https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
#include "expected_schema/models/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/declared.h"
#include "expected_schema/models/host.h"

namespace driftd::models {

using alembic::made_by;
using alembic::text_in;
using python::Term;

namespace {

constexpr std::array<std::string_view, 17> kOfTheMapper = {"insert_sentinel",
                                                           "_omit_from_statements",
                                                           "init",
                                                           "repr",
                                                           "default_factory",
                                                           "compare",
                                                           "kw_only",
                                                           "hash",
                                                           "deferred",
                                                           "deferred_group",
                                                           "deferred_raiseload",
                                                           "use_existing_column",
                                                           "active_history",
                                                           "sort_order",
                                                           "insert_default",
                                                           "dataclass_metadata",
                                                           "doc"};

std::string_view maker_of(const Value& value) {
  const Term* term = value.term();
  return term == nullptr || term->object ? std::string_view() : last_part(term->callee);
}

/// The parts of a column's call, and of those that an Annotated adds.
class Parts {
 public:
  void take(const Term& term) {
    bool first = true;
    for (const Value& argument : term.arguments.positional) {
      const auto* name = text_in(argument);
      if (std::exchange(first, false) && (name != nullptr || argument.is_none())) {
        if (name != nullptr && !name_) name_ = *name;
        continue;
      }
      if (is_type_argument(argument)) {
        if (!type_) type_ = argument;
      } else {
        others_.push_back(argument);
      }
    }
    for (const auto& [keyword, value] : term.arguments.keyword) {
      if (keyword == "name" || keyword == "__name_pos") {
        if (const auto* name = text_in(value); name != nullptr && !name_) name_ = *name;
      } else if (keyword == "key") {
        if (const auto* key = text_in(value)) key_ = *key;
      } else if (keyword == "type_" || keyword == "__type_pos") {
        if (!type_ && !value.is_none()) type_ = value;
      } else if (std::ranges::find(kOfTheMapper, std::string_view(keyword)) == kOfTheMapper.end()) {
        const auto same = [&, key = keyword](const auto& one) { return one.first == key; };
        if (std::ranges::none_of(keywords_, same)) keywords_.emplace_back(keyword, value);
      }
    }
  }

  bool has(std::string_view keyword) const {
    return std::ranges::any_of(keywords_, [&](const auto& one) { return one.first == keyword; });
  }
  bool is_on(std::string_view keyword) const {
    return std::ranges::any_of(keywords_, [&](const auto& one) {
      const auto* flag = one.second.template get_if<bool>();
      return one.first == keyword && flag != nullptr && *flag;
    });
  }
  void set(std::string keyword, Value value) {
    keywords_.emplace_back(std::move(keyword), std::move(value));
  }
  bool refers() const {
    return std::ranges::any_of(others_, [](const Value& v) { return made_by(v) == "ForeignKey"; });
  }
  std::optional<std::string>& name() { return name_; }
  const std::string& key() const { return key_; }
  std::optional<Value>& type() { return type_; }

  Value column(const Place& place) && {
    python::Arguments given;
    given.positional.emplace_back(*name_);
    if (type_) given.positional.push_back(*type_);
    for (Value& one : others_) given.positional.push_back(std::move(one));
    given.keyword = std::move(keywords_);
    return call_of("sqlalchemy.Column", std::move(given), place);
  }

 private:
  std::optional<std::string> name_;
  std::string key_;
  std::optional<Value> type_;
  std::vector<Value> others_;
  std::vector<std::pair<std::string, Value>> keywords_;
};

MadeColumn build(const Attribute& attribute, const Term* own, const Annotation& written) {
  Parts parts;
  MadeColumn made;
  // Only mapped_column() asks its annotation.
  const bool asks = own == nullptr || last_part(own->callee) == "mapped_column";
  const Annotation annotation = asks ? written : Annotation{};
  if (own != nullptr) {
    parts.take(*own);
    made.made_from.push_back(own);
  }
  const bool named = parts.name().has_value();
  for (const Value& more : annotation.columns) {
    if (is_column_call(more)) parts.take(*more.term());
  }
  if (!named) parts.name() = attribute.name;
  // A column that refers to another takes its type, whatever the annotation says.
  if (!parts.type() && annotation.type && !parts.refers()) parts.type() = annotation.type;
  if (!parts.type() && !parts.refers()) {
    const std::string what = annotation.python.is_none()
                                 ? std::string("without a type")
                                 : "of the type " + python::repr(annotation.python);
    throw Error(Reason::NotUnderstood,
                fmt::format("the column {} {} is not understood", *parts.name(), what),
                "Give mapped_column() its type, or type_annotation_map an entry for it.",
                attribute.place);
  }
  if (annotation.mapped && !parts.has("nullable") && !parts.is_on("primary_key")) {
    parts.set("nullable", annotation.optional);
  }
  made.name = *parts.name();
  made.key = parts.key();
  made.column = std::move(parts).column(own != nullptr ? own->place : attribute.place);
  return made;
}

/// `composite(Point, mapped_column("x"), ...)`: a column without a type of its own has that of the
/// data class's field at its place, and its name where it has none
/// (https://docs.sqlalchemy.org/en/20/orm/composites.html).
std::vector<MadeColumn> columns_of_composite(const Attribute& attribute,
                                             const Annotation& annotation, const TypeMap& types,
                                             python::Evaluator& evaluator) {
  const auto& given = attribute.value->term()->arguments.positional;
  Value type = annotation.python;
  if (!given.empty() && evaluator.body_of(given.front())) type = given.front();
  std::vector<std::string> fields;
  if (const auto body = evaluator.body_of(type)) {
    for (const auto& entry : body->entries) {
      if (entry.annotated) fields.push_back(entry.name);
    }
  }
  std::vector<MadeColumn> all;
  std::size_t at = 0;
  for (const Value& part : given) {
    if (evaluator.body_of(part)) continue;
    const std::string field = at < fields.size() ? fields[at] : std::string();
    ++at;
    if (!is_column_call(part)) continue;
    Attribute own{field.empty() ? attribute.name : field, part, std::nullopt, attribute.place};
    Annotation of_field;
    if (!field.empty() && maker_of(part) == "mapped_column") {
      if (const auto written = evaluator.annotation_of(type, field)) {
        of_field = read_annotation(*written, types, evaluator);
        of_field.mapped = true;
      }
    }
    all.push_back(build(own, part.term(), of_field));
  }
  return all;
}

/// A class of the application that inherits from Column makes columns of its own.
void refuse_own_column(const Value& value, const python::Evaluator& evaluator, const Place& place) {
  const Term* term = value.term();
  const auto body =
      term == nullptr || !term->object ? std::nullopt : evaluator.body_of(*term->object);
  if (!body) return;
  for (const Value& type : body->line) {
    for (const Value& base : evaluator.bases(type)) {
      const std::string maker = made_by(base);
      if (maker != "Column" && maker != "mapped_column" && maker != "MappedColumn") continue;
      throw Error(Reason::NotUnderstood,
                  fmt::format("a column made by the class {} is not understood", body->name),
                  "Write it as Column(...) or mapped_column(...).", place);
    }
  }
}

}  // namespace

bool is_column_call(const Value& value) {
  const std::string_view maker = maker_of(value);
  return maker == "Column" || maker == "mapped_column";
}

bool is_type_argument(const Value& value) {
  static constexpr std::array<std::string_view, 12> others = {
      "ForeignKey",       "CheckConstraint", "Sequence",      "Identity",
      "Computed",         "FetchedValue",    "DefaultClause", "ColumnDefault",
      "UniqueConstraint", "Constraint",      "ColumnInfo",    "RelationshipInfo"};
  if (value.is_none() || text_in(value) != nullptr) return false;
  const std::string maker = made_by(value);
  return std::ranges::find(others, last_part(maker)) == others.end();
}

std::vector<MadeColumn> columns_of(const Attribute& attribute, const TypeMap& types,
                                   python::Evaluator& evaluator) {
  Annotation annotation;
  if (attribute.annotation) {
    annotation = read_annotation(*attribute.annotation, types, evaluator);
  }
  if (!attribute.value) {
    if (!annotation.mapped || annotation.relationship) return {};
    return {build(attribute, nullptr, annotation)};
  }
  const Value& value = *attribute.value;
  if (is_column_call(value)) return {build(attribute, value.term(), annotation)};
  refuse_own_column(value, evaluator, attribute.place);
  const std::string_view maker = maker_of(value);
  const auto& given = value.term() == nullptr ? python::Arguments{} : value.term()->arguments;
  if (maker == "deferred" || maker == "column_property") {
    if (given.positional.empty() || !is_column_call(given.positional.front())) return {};
    std::vector<MadeColumn> made{build(attribute, given.positional.front().term(), annotation)};
    made.front().made_from.push_back(value.term());
    return made;
  }
  if (maker == "composite") return columns_of_composite(attribute, annotation, types, evaluator);
  return {};
}

}  // namespace driftd::models
