#include "expected_schema/models/host.h"

#include <algorithm>

#include "expected_schema/alembic/known_types.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/models/columns.h"
#include "expected_schema/models/host_words.h"

namespace driftd::models {

using python::Symbol;
using python::Term;

namespace {

/// Whether it is called as a constant is, in a library of which the types are known.
bool is_constant(std::string_view path) {
  const std::string_view name = last_part(path);
  return name.size() < path.size() && alembic::is_known_by_name(path) &&
         !path.starts_with("sqlalchemy.") && alembic::known_type(path) == nullptr &&
         name.find('_') != std::string_view::npos &&
         std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

std::optional<Value> Host::run_time_only(const Value& value, const Place& place) {
  // `UUID_UTILS_INSTALLED` of a module that is known by its types.
  if (const auto* symbol = value.get_if<Symbol>(); symbol != nullptr && is_constant(symbol->path)) {
    return python::unknown("what " + symbol->path + " is", place);
  }
  return alembic::Host::run_time_only(value, place);
}

/// `Model.__table__.columns`: what the class's body says.
std::optional<std::vector<Value>> Host::items(const Value& value, const Place& place) {
  const auto* columns = value.get_if<std::shared_ptr<const python::Attribute>>();
  const auto* table = columns == nullptr || !is_one_of((*columns)->name, {"columns", "c"})
                          ? nullptr
                          : (*columns)->object->get_if<std::shared_ptr<const python::Attribute>>();
  const auto body = table == nullptr || (*table)->name != "__table__" || evaluator_ == nullptr
                        ? std::nullopt
                        : evaluator_->body_of(*(*table)->object);
  if (!body) return alembic::Host::items(value, place);
  std::vector<Value> all;
  for (std::size_t at = 0; at < body->line.size(); ++at) {
    const auto one = evaluator_->body_of(body->line[at]);
    for (std::size_t i = 0; one && i < one->entries.size(); ++i) {
      const auto& entry = one->entries[i];
      const bool made_later = entry.annotated && !entry.value;
      // A table of a parent's own has its columns, and this one has not.
      const bool of_parent = at > 0 && is_one_of(entry.name, {"__tablename__", "__table__"}) &&
                             !(entry.value && declared_function(*entry.value) != nullptr);
      if (entry.poison || made_later || of_parent) return std::nullopt;
      const bool column = entry.value && (is_column_call(*entry.value) ||
                                          declared_function(*entry.value) != nullptr);
      if (!column || entry.name.starts_with("__")) continue;
      all.emplace_back(std::make_shared<const python::Attribute>(
          python::Attribute{(*table)->object, entry.name}));
    }
  }
  return all;
}

std::optional<bool> Host::is_none(const Value& value) {
  // A type of a library that was imported.
  const auto* symbol = value.get_if<Symbol>();
  if (symbol != nullptr && alembic::known_type(alembic::short_name(symbol->path)) != nullptr) {
    return false;
  }
  const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
  if (attribute != nullptr && (*attribute)->name == "__table__" &&
      (*attribute)->object->get_if<std::shared_ptr<python::Class>>() != nullptr) {
    return false;
  }
  return alembic::Host::is_none(value);
}

bool Host::is_construct(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object || !term->callee.starts_with("sqlalchemy.")) return false;
  const std::string_view name = last_part(term->callee);
  return (name.front() >= 'A' && name.front() <= 'Z') ||
         is_one_of(name, {"mapped_column", "column", "literal_column", "text"});
}

std::optional<bool> Host::truth(const Value& value, const Place& place) {
  // `isinstance(constraint, dict)`
  const Term* asked = value.term();
  if (asked != nullptr && asked->callee == "builtins.isinstance" && evaluator_ != nullptr &&
      asked->arguments.positional.size() == 2) {
    const Value& type = asked->arguments.positional[1];
    const std::string builtin = evaluator_->builtin_name(type);
    if (!builtin.empty() && builtin != "object" && is_construct(asked->arguments.positional[0])) {
      return false;
    }
  }
  return alembic::Host::truth(value, place);
}

}  // namespace driftd::models
