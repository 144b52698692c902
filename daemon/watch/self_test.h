#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/judge/report.h"
#include "expected_schema/expected/expected_schema.h"

namespace driftd {

/// A change that is made to a copy of the expected schema, and has to be found there.
struct Planted {
  std::string sql;
  ObjectId object;  ///< that must be named by a drift
};

/// One of the changes that every schema with a table allows; `random` is any 64 random bits.
/// Nothing where the catalogue has no table. Pure.
std::optional<Planted> plant(const Catalogue& catalogue, std::uint64_t random);

struct SelfTest {
  bool success = false;
  std::string message;  ///< of a failure
  Time ended{};
};

/// Whether self_test() could make one.
bool can_test(const AppliedHistory& history, const Scope& scope);

/// Replays the history and the planted change on a scratch server, reads that as a look reads a
/// database, and compares it with the expected schema. Nothing where there is nothing to plant in,
/// or where the schema does not come from a replay. Throws what a replay throws: that is a failure
/// of the replay, and not of the comparison.
std::optional<SelfTest> self_test(const AppliedHistory& history, const Target& target,
                                  const Scope& scope, ExpectedSchemas& schemas,
                                  std::uint64_t random, const std::stop_token& stop);

}  // namespace driftd
