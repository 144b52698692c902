#include "daemon/compare/compare.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/compare/pairing.h"
#include "expected_schema/base/error.h"
#include "expected_schema/catalogue/undetermined.h"

namespace driftd {
namespace {

std::optional<std::string> text(std::string_view value) {
  return std::string(value);
}

std::optional<ObjectId> parent_of(const Object& object) {
  if (!object.has_parent()) return std::nullopt;
  return object.parent();
}

/// Makes the drifts of pairs. Differences that a rename explains to the letter are left out: when
/// column mail has become email, the index over (mail) is over (email), and nothing else is new.
class Differences {
 public:
  explicit Differences(const Pairing& pairing) : pairing_(pairing) {}

  bool parent_differs(const Object& expected, const Object& actual) const {
    if (expected.parent_kind != actual.parent_kind) return true;
    return expected.parent_identity != actual.parent_identity &&
           pairing_.renamed.apply(expected.parent_identity) != actual.parent_identity;
  }

  std::vector<Difference> of(const Object& expected, const Object& actual) const {
    std::vector<Difference> differences;
    if (parent_differs(expected, actual)) {
      differences.push_back({"parent", parent_text(expected), parent_text(actual)});
    }
    // Both sides are subsequences of the columns of one query.
    auto e = expected.properties.begin();
    auto a = actual.properties.begin();
    while (e != expected.properties.end() || a != actual.properties.end()) {
      if (e != expected.properties.end() && a != actual.properties.end() && e->name == a->name) {
        if (!is_place(expected, e->name) && !is_open(e->name) && e->value != a->value &&
            !explained(expected, e->value, a->value)) {
          differences.push_back({std::string(e->name), text(e->value), text(a->value)});
        }
        ++e;
        ++a;
      } else if (e != expected.properties.end() &&
                 (a == actual.properties.end() || !actual.property(e->name))) {
        if (!is_open(e->name)) {
          differences.push_back({std::string(e->name), text(e->value), std::nullopt});
        }
        ++e;
      } else {
        differences.push_back({std::string(a->name), std::nullopt, text(a->value)});
        ++a;
      }
    }
    return differences;
  }

 private:
  /// Where an object stands among its brothers is find_moves' business.
  static bool is_place(const Object& object, std::string_view property) {
    return property == "position" && object.has_parent();
  }

  /// An index that is expected to lack partitions says nothing of partitions made at run time.
  static bool is_open(std::string_view property) { return property == "partitions_without"; }

  static std::optional<std::string> parent_text(const Object& object) {
    if (!object.has_parent()) return std::nullopt;
    return to_string(object.parent());
  }

  bool explained(const Object& object, std::string_view expected, std::string_view actual) const {
    if (pairing_.renames.empty()) return false;
    Substitution names = pairing_.renamed;
    for (const Rename& rename : pairing_.renames) {
      const Object& before = pairing_.expected.objects[rename.expected];
      // A table says "clustered on ix" of an index of its own; a column is named without its
      // table by its brothers, and behind its table's name by a foreign key elsewhere.
      const bool named_bare = before.parent_identity == object.identity ||
                              (before.kind == "column" &&
                               (before.parent_identity == object.parent_identity ||
                                expected.find(before.parent_identity) != std::string_view::npos));
      if (!named_bare) continue;
      names.add_bare(own_name(before.identity),
                     own_name(pairing_.actual.objects[rename.actual].identity));
    }
    return names.apply(expected) == actual;
  }

  const Pairing& pairing_;
};

std::vector<Difference> all_properties(const Object& object, DriftKind kind) {
  std::vector<Difference> properties;
  for (const Property& property : object.properties) {
    Difference& difference = properties.emplace_back();
    difference.property = property.name;
    (kind == DriftKind::Missing ? difference.expected : difference.actual) = property.value;
  }
  return properties;
}

std::size_t fold_children(const Side& side, std::size_t i, std::vector<bool>& told) {
  std::size_t count = 0;
  for (const std::size_t child : side.children[i]) {
    if (told[child] || !side.alone(child)) continue;
    told[child] = true;
    count += 1 + fold_children(side, child, told);
  }
  return count;
}

/// What an object takes along when it leaves its parent: a partition that is detached becomes a
/// table with columns and constraints of its own. By index of the expected object.
class Uprooted {
 public:
  explicit Uprooted(const Pairing& pairing) : folded_(pairing.expected.objects.size()) {
    const Differences differences(pairing);
    for (std::size_t i = 0; i < folded_.size(); ++i) {
      const std::size_t partner = pairing.expected.partner[i];
      if (partner == nobody) continue;
      if (differences.parent_differs(pairing.expected.objects[i],
                                     pairing.actual.objects[partner])) {
        folded_[i] = 0;
        actual_of_[partner] = i;
      }
    }
  }

  /// The count of the uprooted object at `i` of a side, or null where none was uprooted.
  std::size_t* folded(DriftKind side, std::size_t i) {
    if (side == DriftKind::Unexpected) {
      const auto found = actual_of_.find(i);
      if (found == actual_of_.end()) return nullptr;
      i = found->second;
    }
    return folded_[i] ? &*folded_[i] : nullptr;
  }

 private:
  std::vector<std::optional<std::size_t>> folded_;
  std::map<std::size_t, std::size_t> actual_of_;
};

/// The objects of one side that have no partner, each with what it contains.
void append_alone(const Side& side, DriftKind kind, Uprooted& uprooted,
                  std::vector<Drift>& drifts) {
  std::vector<bool> told(side.objects.size(), false);
  for (std::size_t i = 0; i < side.objects.size(); ++i) {
    if (side.alone(i)) continue;
    if (std::size_t* folded = uprooted.folded(kind, i)) *folded += fold_children(side, i, told);
  }
  const auto tell = [&](std::size_t i) {
    told[i] = true;
    const Object& object = side.objects[i];
    drifts.push_back({object.id(),
                      kind,
                      {},
                      all_properties(object, kind),
                      fold_children(side, i, told),
                      parent_of(object)});
  };
  for (std::size_t i = 0; i < side.objects.size(); ++i) {
    const std::size_t parent = side.alone(i) ? side.parent[i] : nobody;
    if (side.alone(i) && !told[i] && (parent == nobody || !side.alone(parent))) tell(i);
  }
  for (std::size_t i = 0; i < side.objects.size(); ++i) {
    if (side.alone(i) && !told[i]) tell(i);  // a circle of parents has no first
  }
}

/// The parent of a renamed object has a partner, so no circle leads back to it.
std::size_t count_below(const Side& side, std::size_t i) {
  std::size_t count = side.children[i].size();
  for (const std::size_t child : side.children[i]) count += count_below(side, child);
  return count;
}

void append_renamed(const Pairing& pairing, std::vector<Drift>& drifts) {
  for (const Rename& rename : pairing.renames) {
    const Object& expected = pairing.expected.objects[rename.expected];
    const Object& actual = pairing.actual.objects[rename.actual];
    drifts.push_back({expected.id(),
                      DriftKind::Renamed,
                      {{"name", text(expected.identity), text(actual.identity)}},
                      {},
                      count_below(pairing.expected, rename.expected),
                      parent_of(expected)});
  }
}

void append_changed(Pairing& pairing, Uprooted& uprooted, std::vector<Drift>& drifts) {
  std::vector<Move> moves = find_moves(pairing);
  std::ranges::sort(moves, {}, &Move::expected);
  std::vector<bool> renamed(pairing.expected.objects.size(), false);
  for (const Rename& rename : pairing.renames) renamed[rename.expected] = true;
  const Differences differences_of(pairing);
  auto move = moves.begin();
  for (std::size_t i = 0; i < pairing.expected.objects.size(); ++i) {
    const bool moved = move != moves.end() && move->expected == i;
    if (pairing.expected.partner[i] != nobody && !renamed[i]) {
      const Object& object = pairing.expected.objects[i];
      auto differences =
          differences_of.of(object, pairing.actual.objects[pairing.expected.partner[i]]);
      if (moved) differences.push_back({"position", move->from, move->to});
      if (!differences.empty()) {
        const std::size_t* folded = uprooted.folded(DriftKind::Missing, i);
        drifts.push_back({object.id(),
                          DriftKind::Changed,
                          std::move(differences),
                          {},
                          folded == nullptr ? 0 : *folded,
                          parent_of(object)});
      }
    }
    if (moved) ++move;
  }
}

}  // namespace

std::vector<Drift> compare(const Expected& expected, const Actual& actual) {
  const int left = expected.catalogue.server_major();
  const int right = actual.catalogue.server_major();
  if (left != right) {
    throw Error(Reason::ServerVersion,
                fmt::format("the expected schema was read from PostgreSQL {} and the database "
                            "from PostgreSQL {}",
                            left, right),
                "Give driftd a scratch server of the database's major version.");
  }
  if (!expected.undetermined.empty()) {
    const auto& unknown = expected.undetermined;
    return compare(Expected{without(expected.catalogue, unknown)},
                   Actual{without(actual.catalogue, unknown)});
  }
  Pairing pairing(expected.catalogue, actual.catalogue);
  std::vector<Drift> drifts;
  const bool some_alone = !pairing.complete();
  if (some_alone) {
    pairing.expected.link();
    pairing.actual.link();
    pair_renamed(pairing);
  }
  Uprooted uprooted(pairing);
  if (some_alone) {
    append_alone(pairing.expected, DriftKind::Missing, uprooted, drifts);
    append_alone(pairing.actual, DriftKind::Unexpected, uprooted, drifts);
    append_renamed(pairing, drifts);
  }
  append_changed(pairing, uprooted, drifts);
  std::ranges::sort(drifts, [](const Drift& a, const Drift& b) {
    return std::tie(a.object, a.kind) < std::tie(b.object, b.kind);
  });
  return drifts;
}

}  // namespace driftd
