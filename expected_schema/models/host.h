#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expected_schema/alembic/host.h"

namespace driftd::models {

using python::Value;

/// The world of an application's models: what they declare is noted, and nothing is done.
class Host : public alembic::Host {
 public:
  struct Failure {
    std::string text;  ///< the statement
    Place place;
    Error error;
  };
  /// What was noted, in the order in which it was made.
  struct Noted {
    std::vector<Value> classes;
    std::vector<Value> tables;      ///< calls of `sqlalchemy.Table`
    std::vector<Value> constructs;  ///< calls of Index and of the constraints
    std::vector<Value> listeners;   ///< calls of `sqlalchemy.event.listen`
    std::vector<Value> sequences;
    /// `metadata.naming_convention = ...`
    std::vector<std::pair<Value, Value>> conventions;
    std::vector<std::pair<Value, Value>> schemas;  ///< `metadata.schema = ...`
    /// `@compiles(Class, dialect)` and the function under it.
    std::vector<std::pair<Value, Value>> compiled;
    std::vector<Value> flask;  ///< Flask-SQLAlchemy's objects
    /// Of the above, those of which it is not certain that they were made, by their place.
    std::vector<std::pair<Place, std::string>> uncertain;
    std::vector<Failure> failures;
    std::vector<std::string> files;
    std::vector<std::string> absent;       ///< modules that no import root has
    std::vector<std::string> of_packages;  ///< those of the files that are of packages of others
  };

  /// `packages`: folders that are asked for modules after the roots.
  Host(std::vector<std::string> roots, std::vector<std::string> packages,
       alembic::Surroundings around);

  void evaluated_by(python::Evaluator& evaluator) { evaluator_ = &evaluator; }
  const Noted& noted() const { return noted_; }

  std::optional<Source> module_source(const std::string& module, const Place& place) override;
  bool stays_symbol(const std::string& path) override;
  bool reads_class_bodies() const override { return true; }
  void class_made(const Value& type) override;
  std::vector<Value> classes_within(const Value& base) override;
  std::optional<std::vector<std::string>> names_within(const Value& base) override;
  void statement_failed(std::string_view text, const Place& place, const Error& error) override;
  std::optional<Value> class_attribute(python::Evaluator& evaluator, const Value& type,
                                       const std::string& name, const Value& found,
                                       const Place& place) override;
  std::optional<Value> call(python::Evaluator& evaluator, const python::Term& call) override;
  std::optional<Value> attribute(const Value& object, const std::string& name,
                                 const Place& place) override;
  void call_of_unknown(const std::string&, const python::Arguments&, const Place&) override {}
  std::optional<Value> run_time_only(const Value& value, const Place& place) override;
  std::optional<bool> is_none(const Value& value) override;
  bool is_construct(const Value& value) override;
  std::optional<bool> truth(const Value& value, const Place& place) override;
  std::optional<std::vector<Value>> items(const Value& value, const Place& place) override;
  bool takes_assignment(const Value& object, const std::string& name, const Value& value) override;

 private:
  std::optional<Value> note(const python::Term& call);
  std::optional<Value> flask_attribute(const Value& object, const std::string& name,
                                       const Place& place);
  std::optional<Value> of_own_class(const Value& flask, const std::string& name,
                                    const Place& place);
  std::optional<Value> of_table(const Value& type, const std::string& name, const Place& place);
  std::optional<Value> text_declared(python::Evaluator& evaluator, const Value& function,
                                     const Value& type, const Place& place);
  std::optional<Value> column_behind(python::Evaluator& evaluator, const Value& getter,
                                     const Value& type, const Place& place);
  void note_uncertain(const Place& place);

  python::Evaluator* evaluator_ = nullptr;
  std::vector<std::string> roots_;
  std::vector<std::string> packages_;
  Noted noted_;
};

/// Whether the value is Flask-SQLAlchemy's object, or one of a class that inherits from it.
bool is_flask_object(const Value& value, const python::Evaluator& evaluator);

/// What is said of an object of a class of the source that knows nothing of a library.
inline constexpr std::string_view kPlainObject = "an object of a class without a library's base";

/// The base class that `db.Model` is.
inline constexpr std::string_view kFlaskModel = "driftd.flask.Model";
inline constexpr std::string_view kFlaskTable = "driftd.flask.Table";

/// The last part of a dotted path.
std::string_view last_part(std::string_view path);

/// `declared_attr(function)` in any of its forms: the function; else null.
const Value* declared_function(const Value& value);

}  // namespace driftd::models
