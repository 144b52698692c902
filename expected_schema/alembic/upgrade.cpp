#include "expected_schema/alembic/upgrade.h"

#include <fmt/format.h>

#include <filesystem>

#include "expected_schema/alembic/host.h"

namespace driftd::alembic {

namespace {

void run(const Revision& revision, const std::string& text, StatementSink& sink,
         const Surroundings& around, const std::string& function) {
  Host host(&sink, revision.id, std::filesystem::path(revision.file).parent_path().string(),
            around);
  python::Evaluator evaluator(host);
  const auto module = evaluator.load("revision", revision.file, text);
  const auto body = evaluator.global(*module, function);
  if (!body) {
    throw Error(Reason::NotUnderstood, "the revision " + revision.id + " has no " + function + "()",
                "Define it at the top level of the file.", {revision.file, 0, 0});
  }
  try {
    evaluator.call(*body, {}, evaluator.place_of(*module, function));
  } catch (const python::RaisedOnPurpose& raised) {
    // It is understood, and would fail with Alembic as well.
    const bool table = raised.exception().starts_with("sqlalchemy.exc.NoSuchTableError");
    throw Error(Reason::Replay,
                fmt::format("migration {} does not replay: it {}", revision.id,
                            table ? "asks for a table that does not exist"
                                  : "raises " + raised.exception()),
                table ? "Check that a migration before it makes the table; what stood in the "
                        "database before the first one is said by migrations.baseline."
                      : "It would fail on an empty database with Alembic, too; what stood in the "
                        "database before the first migration is said by migrations.baseline.",
                raised.place());
  }
}

}  // namespace

void run_upgrade(const Revision& revision, const std::string& text, StatementSink& sink,
                 const Surroundings& around) {
  run(revision, text, sink, around, "upgrade");
}

void run_downgrade(const Revision& revision, const std::string& text, StatementSink& sink,
                   const Surroundings& around) {
  run(revision, text, sink, around, "downgrade");
}

}  // namespace driftd::alembic
