#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// A table that only the database has, and those above it.
struct ChildTable {
  const Object* table = nullptr;
  std::vector<std::string_view> above;   ///< from its parent on
  std::span<const Object* const> parts;  ///< what it directly contains
  bool declared = false;                 ///< what it has of its own is nobody's business
};

/// What of a column that only one side has as an object of its own is not as its parent's: of a
/// child that both sides have, such as a partition that the migrations make. Nothing where no table
/// above has the column: then it is the child's alone. `above`: as in ChildTable.
std::optional<Drift> column_against_parent(const Object& column, DriftKind only,
                                           std::span<const std::string_view> above,
                                           const Catalogue& expected, const Catalogue& actual);

/// What of the child is neither as `expected` nor as `actual` has its parent, and matters: a parent
/// that was changed by hand is told once, and not again of each of its children.
void append_against_parent(const ChildTable& child, const Catalogue& expected,
                           const Catalogue& actual, std::vector<Drift>& drifts);

}  // namespace driftd
