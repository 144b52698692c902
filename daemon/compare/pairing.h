#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/catalogue/names.h"

namespace driftd {

inline constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// One catalogue during a comparison; objects are meant by their index.
struct Side {
  const Catalogue* catalogue = nullptr;
  std::span<const Object> objects;
  std::vector<std::size_t> partner;  ///< the same object on the other side, or nobody
  std::vector<bool> folded;          ///< below a renamed object, and part of that drift

  /// Filled by link(), which only a difference makes necessary.
  std::vector<std::size_t> parent;                 ///< nobody: none, or none that was read
  std::vector<std::vector<std::size_t>> children;  ///< in catalogue order

  explicit Side(const Catalogue& from);
  void link();
  std::size_t index_of(std::string_view kind, std::string_view identity) const;  ///< or nobody
  bool alone(std::size_t i) const { return partner[i] == nobody && !folded[i]; }
};

/// A renamed object: its index on either side.
struct Rename {
  std::size_t expected;
  std::size_t actual;
};

struct Pairing {
  Side expected;
  Side actual;
  std::vector<Rename> renames;
  Substitution renamed;  ///< the dotted names of the renamed objects, old to new

  /// Pairs what has the same kind and identity: one merge of two sorted lists.
  Pairing(const Catalogue& expected_catalogue, const Catalogue& actual_catalogue);
  bool complete() const;  ///< everything has a partner
  void pair(std::size_t e, std::size_t a);
};

/// Finds the renamed objects among those without a partner and pairs them; then pairs the objects
/// whose identity only follows a renamed one. Both sides must be linked.
void pair_renamed(Pairing& pairing);

/// The relative places of a pair of brothers that sit elsewhere, as text for a person.
struct Move {
  std::size_t expected;  ///< index on the expected side
  std::string from;
  std::string to;
};

/// The fewest objects that must be moved so that all brothers with a `position` stand in the
/// expected order. Links the sides when it has to.
std::vector<Move> find_moves(Pairing& pairing);

}  // namespace driftd
