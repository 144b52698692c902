#include "expected_schema/models/host.h"

#include <algorithm>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/host_words.h"
#include "expected_schema/models/roles.h"

namespace driftd::models {

using alembic::made_by;
using python::Symbol;
using python::Term;

const Value* declared_function(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || term->arguments.positional.size() != 1) return nullptr;
  const bool declared = term->callee.find(".declared_attr") != std::string::npos ||
                        is_one_of(last_part(term->callee), {"declared_attr", "declarative_mixin"});
  return declared ? &term->arguments.positional.front() : nullptr;
}

std::optional<Value> Host::class_attribute(python::Evaluator& evaluator, const Value& type,
                                           const std::string& name, const Value& found,
                                           const Place& place) {
  if (const Value* function = declared_function(found)) {
    // What names make of it is asked at once; a column keeps the class that it is asked of.
    if (name.starts_with("__")) return evaluator.call(*function, {{type}, {}}, place);
    if (auto text = text_declared(evaluator, *function, type, place)) return text;
    return std::make_shared<const python::Attribute>(
        python::Attribute{std::make_shared<Value>(type), name});
  }
  if (const Term* hybrid = found.term(); hybrid != nullptr &&
                                         last_part(hybrid->callee) == "hybrid_property" &&
                                         hybrid->arguments.positional.size() == 1) {
    return column_behind(evaluator, hybrid->arguments.positional.front(), type, place);
  }
  const std::string maker(last_part(made_by(found)));
  if (is_one_of(maker, {"Column", "mapped_column", "Field", "deferred", "column_property"})) {
    return std::make_shared<const python::Attribute>(
        python::Attribute{std::make_shared<Value>(type), name});
  }
  return std::nullopt;
}

/// The column of the class that a hybrid_property only passes on; nothing for one that does more.
std::optional<Value> Host::column_behind(python::Evaluator& evaluator, const Value& getter,
                                         const Value& type, const Place& place) {
  if (getter.get_if<std::shared_ptr<python::Function>>() == nullptr) return std::nullopt;
  const Noted before = noted_;
  try {
    const Value given = evaluator.call(getter, {{type}, {}}, place);
    const auto* attribute = given.get_if<std::shared_ptr<const python::Attribute>>();
    if (attribute != nullptr &&
        (*attribute)->object->get_if<std::shared_ptr<python::Class>>() != nullptr) {
      return given;
    }
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
  }
  noted_ = before;
  return std::nullopt;
}

/// The text that a declared_attr gives; nothing where it gives something else.
std::optional<Value> Host::text_declared(python::Evaluator& evaluator, const Value& function,
                                         const Value& type, const Place& place) {
  const Noted before = noted_;
  try {
    const Value given = evaluator.call(function, {{type}, {}}, place);
    if (given.get_if<std::string>() != nullptr) return given;
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
  }
  noted_ = before;
  return std::nullopt;
}

/// `Model.__table__.fullname` and its like, as far as the class says it.
std::optional<Value> Host::of_table(const Value& type, const std::string& name,
                                    const Place& place) {
  if (evaluator_ == nullptr) return std::nullopt;
  const auto body = evaluator_->body_of(type);
  if (!body) return std::nullopt;
  const auto given = [&](const std::string& asked) -> std::optional<Value> {
    const auto found = evaluator_->class_attribute(type, asked);
    return found ? std::optional(evaluator_->attribute(type, asked, place)) : std::nullopt;
  };
  const auto table = given("__tablename__");
  const auto* text = table ? alembic::text_in(*table) : nullptr;
  if (text == nullptr) return std::nullopt;
  if (name == "name") return Value(*text);
  std::optional<Value> options = given("__table_args__");
  if (options) {
    const auto* items = alembic::sequence_in(*options);
    if (items != nullptr && !items->empty()) options = Value((*items)[items->size() - 1]);
  }
  const auto* dict = options ? options->get_if<python::Dict>() : nullptr;
  for (std::size_t i = 0; dict != nullptr && i < (*dict)->size(); ++i) {
    const auto* key = alembic::text_in((**dict)[i].first);
    if (key == nullptr || *key != "schema") continue;
    const auto* schema = alembic::text_in((**dict)[i].second);
    if (schema == nullptr) return std::nullopt;
    return Value(name == "schema" ? *schema : *schema + "." + *text);
  }
  const Value metadata =
      metadata_of(role_of(*body, *evaluator_).metadata, *evaluator_, noted_.flask);
  const Term* made = metadata.term();
  if (!noted_.schemas.empty() || (made != nullptr && made->arguments.find("schema") != nullptr)) {
    return std::nullopt;
  }
  return name == "schema" ? Value() : Value(*text);
}

std::optional<Value> Host::attribute(const Value& object, const std::string& name,
                                     const Place& place) {
  if (evaluator_ != nullptr && is_flask_object(object, *evaluator_)) {
    return flask_attribute(object, name, place);
  }
  if (const auto* table = object.get_if<std::shared_ptr<const python::Attribute>>();
      table != nullptr && (*table)->name == "__table__" &&
      is_one_of(name, {"fullname", "name", "schema"})) {
    if (auto told = of_table(*(*table)->object, name, place)) return told;
  }
  if (object.get_if<std::shared_ptr<python::Class>>() != nullptr) {
    if (name == "as_mutable") return Value(Symbol{"sqlalchemy.ext.mutable.Mutable.as_mutable"});
    // `name: Mapped[str]` binds nothing.
    const auto body = evaluator_ == nullptr ? std::nullopt : evaluator_->body_of(object);
    const bool annotated =
        body && std::ranges::any_of(body->line, [&](const Value& type) {
          const auto one = evaluator_->body_of(type);
          return one && std::ranges::any_of(one->entries, [&](const auto& entry) {
                   return entry.annotated && entry.name == name;
                 });
        });
    if (annotated || is_one_of(name, {"metadata", "__table__", "registry", "__tablename__"})) {
      return Value(std::make_shared<const python::Attribute>(
          python::Attribute{std::make_shared<Value>(object), name}));
    }
  }
  if (const auto* symbol = object.get_if<Symbol>();
      symbol != nullptr && symbol->path == "sys" && name == "version_info") {
    // Of a Python that is new enough for all that models are written for.
    return python::tuple_of({std::int64_t{3}, std::int64_t{12}, std::int64_t{0},
                             std::string("final"), std::int64_t{0}});
  }
  if (const auto* symbol = object.get_if<Symbol>();
      symbol != nullptr && symbol->path == "sys" && name == "version") {
    return Value(std::string("3.12.0 (main)"));
  }
  // What declarative_base(cls=...) has of its class.
  for (const Value& own : classes_of_base(object)) {
    const auto body = evaluator_ == nullptr ? std::nullopt : evaluator_->body_of(own);
    const bool there = body && std::ranges::any_of(body->line, [&](const Value& type) {
                         const auto one = evaluator_->body_of(type);
                         return one && std::ranges::any_of(one->entries, [&](const auto& entry) {
                                  return entry.value && entry.name == name;
                                });
                       });
    if (there) return evaluator_->attribute(own, name, place);
  }
  // Attributes of tables and metadata stay what they are.
  if (name == "name" && object.get_if<std::shared_ptr<const python::Attribute>>() != nullptr) {
    return std::nullopt;
  }
  return alembic::Host::attribute(object, name, place);
}

}  // namespace driftd::models
