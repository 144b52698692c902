#pragma once

#include <string>

#include "expected_schema/alembic/naming.h"
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
          const NamingConvention& naming)
      : evaluator_(&evaluator),
        sink_(&sink),
        revision_(std::move(revision)),
        place_(std::move(place)),
        naming_(&naming) {}

  void run(std::string sql) const { sink_->run({std::move(sql), place_, revision_}); }

  /// Rows that are known only when the application runs.
  void pass_over() const { sink_->pass_over(place_); }

  python::Evaluator& evaluator() const { return *evaluator_; }
  const Place& place() const { return place_; }
  const NamingConvention& naming() const { return *naming_; }

 private:
  python::Evaluator* evaluator_;
  StatementSink* sink_;
  std::string revision_;
  Place place_;
  const NamingConvention* naming_;
};

}  // namespace driftd::alembic
