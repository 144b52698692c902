#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/index.h"
#include "expected_schema/alembic/naming.h"
#include "expected_schema/base/statement.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

/// The world of a revision file: calls of `alembic.op` run, SQLAlchemy's constructors stay terms,
/// the application is not there.
class Host : public python::Host {
 public:
  /// `folder`: where the modules beside the revision file are looked for. A null sink: the file is
  /// only read, and an operation is refused.
  Host(StatementSink* sink, std::string revision, std::string folder, NamingConvention naming = {});

  std::optional<Source> module_source(const std::string& module, const Place& place) override;
  std::optional<python::Value> call(python::Evaluator& evaluator,
                                    const python::Term& call) override;
  std::optional<python::Value> attribute(const python::Value& object, const std::string& name,
                                         const Place& place) override;
  std::optional<bool> truth(const python::Value& value, const Place& place) override;
  std::optional<std::vector<python::Value>> items(const python::Value& value,
                                                  const Place& place) override;
  std::optional<std::string> text(const python::Value& value, const Place& place) override;
  std::optional<python::Value> enter(const python::Value& value, const Place& place) override;
  void leave(const python::Value& value, const Place& place) override;

 private:
  std::optional<python::Value> operation(python::Evaluator& evaluator, const python::Term& call,
                                         std::string name, std::optional<Target> batch);
  std::optional<python::Value> connection_call(python::Evaluator& evaluator,
                                               const python::Term& call, const std::string& method);
  std::optional<python::Value> method(python::Evaluator& evaluator, const python::Term& call);

  StatementSink* sink_;
  std::string revision_;
  std::string folder_;
  NamingConvention naming_;
};

}  // namespace driftd::alembic
