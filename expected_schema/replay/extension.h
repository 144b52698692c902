#pragma once

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

}  // namespace driftd
