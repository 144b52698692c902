#pragma once

#include <string>
#include <vector>

#include "expected_schema/postgres/snapshot.h"

namespace driftd::ddl_log {

/// How the DDL log of a database is, as one snapshot shows it.
struct State {
  bool there = false;
  bool readable = false;  ///< by the role that asks
  bool standing = true;   ///< false: its rows are not to be had on this standby
  bool on = false;        ///< both event triggers are there, and fire
  bool ours = false;      ///< its function is the one that this driftd prints
  bool notifies = false;  ///< it may notify whoever listens
  std::string role;       ///< current_user
  std::string visible;    ///< txid_current_snapshot(): what the snapshot shows; empty on a standby,
                          ///< where it does not tell who has not ended
};

/// Needs no right on the log.
State state(Snapshot& snapshot);

/// What is wrong with a log that is there, each with what to do about it; nothing where all is
/// well. `read`: somebody wants its rows. `listens`: somebody wants to hear of changes, and it is
/// wrong that it is not there.
std::vector<std::string> complaints(const State& state, bool read, bool listens);

/// Throws Error{Permission, Settings} where the log cannot be read or logs nothing.
void require(const State& state);

}  // namespace driftd::ddl_log
