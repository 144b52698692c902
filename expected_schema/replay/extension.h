#pragma once

#include <set>
#include <string>

#include "expected_schema/history/statements.h"
#include "expected_schema/postgres/session.h"
#include "expected_schema/scratch/database.h"

namespace driftd {

/// What CREATE EXTENSION and ALTER EXTENSION need. An extension that only a superuser may create
/// makes the replaying role one for as long as this lives; the statement then runs in the
/// migration's own transaction and with its search path.
class ExtensionRights {
 public:
  /// Throws Error{Replay} that names an extension which the scratch server does not have.
  ExtensionRights(Session& session, ScratchDatabase& database, const SqlStatement& statement);
  ~ExtensionRights();
  ExtensionRights(const ExtensionRights&) = delete;
  ExtensionRights& operator=(const ExtensionRights&) = delete;

 private:
  void set(const char* attribute) const;

  ScratchDatabase& database_;
  bool raised_ = false;
};

/// The statement's text, which takes the live database's version where it leaves the version open
/// and the scratch server can install that one.
std::string with_live_version(Session& session, const Target& target,
                              const SqlStatement& statement);

/// At the end of a replay: an extension whose version no migration names has, in the catalogue,
/// the live database's version, and a note says so. A scratch server that does not have a version
/// cannot judge it. `named`: the extensions with a version that a migration names.
void take_live_versions(ScratchDatabase& database, const std::set<std::string>& named);

}  // namespace driftd
