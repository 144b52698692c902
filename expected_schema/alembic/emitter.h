#pragma once

#include <optional>
#include <string>

#include "expected_schema/alembic/surroundings.h"
#include "expected_schema/base/statement.h"
#include "expected_schema/python/evaluator.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// Throws Error{NotUnderstood} for a construct, by name, with a whole sentence that says what to
/// do.
[[noreturn]] void not_understood(const std::string& what, const Place& place,
                                 std::string hint = {});

/// What an operation needs while it is carried out: the evaluator for values, the place of the
/// call, and where the statements go.
class Emitter {
 public:
  Emitter(python::Evaluator& evaluator, StatementSink& sink, std::string revision, Place place,
          const Surroundings& around, bool* changed = nullptr)
      : evaluator_(&evaluator),
        sink_(&sink),
        revision_(std::move(revision)),
        place_(std::move(place)),
        around_(&around),
        changed_(changed) {}

  /// A statement that changes the schema. Where the code that calls it may not have run when the
  /// migration was applied, what it touches is undetermined; throws Error{NotUnderstood} where that
  /// cannot be told.
  void run(std::string sql) const;
  /// A statement that stands for one with a value which is not understood: what it touches is
  /// undetermined. Throws the error where that cannot be told.
  void run_open(std::string sql, const Error& not_understood) const;
  /// A statement that changes rows at most; passed over where it is not certain that it ran.
  void run_rows(std::string sql) const;
  /// SQL as somebody wrote it. Gives what it gives: rows where the schema alone decides, else what
  /// only the application knows.
  python::Value run_text(const std::string& sql, const std::string& shown) const;
  /// SQL of which a part is unknown, `$1` in its place: passed over where it changes rows only.
  /// `what` says what is not known.
  python::Value pass_over_text(const std::string& sql, const std::string& shown,
                               const std::string& what) const;
  /// A query about the schema, by driftd itself. Nothing: there is no database to be asked.
  std::optional<Answer> ask(std::string sql) const;

  /// Rows that are known only when the application runs.
  void pass_over() const { sink_->pass_over(place_); }

  python::Evaluator& evaluator() const { return *evaluator_; }
  const Place& place() const { return place_; }
  const NamingConvention& naming() const { return around_->naming; }
  /// The PostgreSQL type that settings give for a type of the application; null where they do not.
  const std::string* declared_type(const std::string& name) const;

 private:
  python::Evaluator* evaluator_;
  void run_on_schema(Statement statement, const std::string& shown) const;

  StatementSink* sink_;
  std::string revision_;
  Place place_;
  const Surroundings* around_;
  bool* changed_;  // set by a statement that changes the schema; may be null
};

}  // namespace driftd::alembic
