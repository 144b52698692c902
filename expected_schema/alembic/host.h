#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/index.h"
#include "expected_schema/alembic/reflection.h"
#include "expected_schema/alembic/surroundings.h"
#include "expected_schema/base/statement.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

/// The world of a revision file: calls of `alembic.op` run, SQLAlchemy's constructors stay terms,
/// the application is not there.
class Host : public python::Host {
 public:
  /// `folder`: where the modules beside the revision file are looked for. A null sink: the file is
  /// only read, and an operation is refused.
  Host(StatementSink* sink, std::string revision, std::string folder, Surroundings around = {});

  bool stays_symbol(const std::string& path) override;

  std::optional<Source> module_source(const std::string& module, const Place& place) override;
  void call_of_unknown(const std::string& name, const python::Arguments& arguments,
                       const Place& place) override;
  bool takes_assignment(const python::Value& object, const std::string& name,
                        const python::Value& value) override;
  std::optional<bool> takes_exception(const std::string& type, const std::string& raised) override;
  void class_made(const python::Value& type) override;
  std::optional<bool> is_none(const python::Value& value) override;
  std::optional<python::Value> run_time_only(const python::Value& value,
                                             const Place& place) override;
  std::optional<python::Value> call(python::Evaluator& evaluator,
                                    const python::Term& call) override;
  std::optional<python::Value> attribute(const python::Value& object, const std::string& name,
                                         const Place& place) override;
  std::optional<python::Value> subscript(const python::Value& object, const python::Value& key,
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
  python::Value main_option(const python::Arguments& asked, const Place& place) const;
  python::Value environment(const python::Arguments& asked, const Place& place) const;
  std::vector<std::string> file_roots() const;
  Emitter emitter_at(python::Evaluator& evaluator, const Place& place) const;
  // host_connection.cpp: what a migration asks the database, and how
  std::optional<python::Value> connection_call(python::Evaluator& evaluator,
                                               const python::Term& call, const std::string& method);
  std::optional<python::Value> session_call(python::Evaluator& evaluator, const python::Term& call,
                                            const std::string& method);
  std::optional<python::Value> inspector_call(python::Evaluator& evaluator,
                                              const python::Term& call, const std::string& method);
  /// `create()` and `drop()` of a type, a sequence or a table.
  std::optional<python::Value> create_or_drop(python::Evaluator& evaluator,
                                              const python::Term& call);
  std::optional<python::Value> method(python::Evaluator& evaluator, const python::Term& call);
  void note_metadata(const python::Arguments& arguments);
  /// Whether metadata was just made and nothing can have added a table to it.
  bool has_no_tables(const python::Evaluator& evaluator, const python::Value& metadata) const;
  /// Of a call into a module that is not mounted.
  bool only_computes(const python::Evaluator& evaluator, const std::string& path,
                     const python::Term& call);

  StatementSink* sink_;
  std::string revision_;
  std::string folder_;
  Surroundings around_;
  std::optional<std::vector<std::string>> application_;  // packages that env.py imports
  // For MetaData.create_all(): metadata that was given away, and classes that may have some.
  std::vector<const python::Term*> described_;
  std::vector<python::Value> classes_;
  std::map<std::string, python::Value> assigned_;  // attributes that were given to sqlalchemy
  Reflections reflections_;
  mutable bool changed_ = false;  // the schema, by what ran so far
};

}  // namespace driftd::alembic
