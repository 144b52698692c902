#include "daemon/compare/run_time.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/compare/against_parent.h"
#include "daemon/compare/compare.h"
#include "daemon/compare/pairing.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/undetermined.h"

namespace driftd {
namespace {

bool is_table(std::string_view kind) {
  return kind == "table" || kind == "foreign table";
}

bool is_partition(const Object& object) {
  return is_table(object.kind) && object.parent_kind == "table";
}

std::size_t find_unquoted(std::string_view text, std::string_view wanted) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && text.substr(i).starts_with(wanted)) return i;
  }
  return std::string_view::npos;
}

/// One side, and what of it was made at run time.
struct Half {
  enum class Apart : char {
    Unknown,
    No,
    Yes,
    Alone,  ///< it, and not what it contains
  };

  const Catalogue& catalogue;
  const Catalogue& other;
  std::span<const Object> objects;
  std::vector<Apart> apart;
  bool any = false;

  Half(const Catalogue& from, const Catalogue& opposite)
      : catalogue(from), other(opposite), objects(from.objects()), apart(objects.size()) {}

  std::size_t index_of(std::string_view kind, std::string_view identity) const {
    const Object* found = catalogue.find(kind, identity);
    return found == nullptr ? nobody : static_cast<std::size_t>(found - objects.data());
  }
  std::size_t table_called(std::string_view identity) const {
    const std::size_t table = index_of("table", identity);
    return table != nobody ? table : index_of("foreign table", identity);
  }
  bool on_both(std::size_t i) const {
    return other.find(objects[i].kind, objects[i].identity) != nullptr;
  }
  void take(std::size_t i) {
    apart[i] = Apart::Yes;
    any = true;
  }

  /// What it goes away with. What a partition has as its parent has it is no object, and what is
  /// said of that belongs to the table all the same.
  std::size_t container_of(std::size_t i) const {
    const Object& object = objects[i];
    if (object.kind == "publication table") {
      return table_called(
          object.identity.substr(0, find_unquoted(object.identity, " in publication ")));
    }
    if (!object.has_parent()) return nobody;
    const std::string_view parent = object.parent_identity;
    const std::size_t known = index_of(object.parent_kind, parent);
    if (known != nobody) return known;
    if (object.parent_kind == "column") {
      const std::size_t name = own_name(parent).size();
      return name < parent.size() ? table_called(parent.substr(0, parent.size() - name - 1))
                                  : nobody;
    }
    const std::size_t on = find_unquoted(parent, " on ");
    return on == std::string_view::npos ? nobody : table_called(parent.substr(on + 4));
  }

  /// Of what a partition has as its parent does, an index is the one thing whose name does not say
  /// to which table it belongs.
  bool is_said_of_hidden_index(std::size_t i) const {
    const Object& object = objects[i];
    return object.kind == "comment" && object.parent_kind == "index" &&
           catalogue.find("index", object.parent_identity) == nullptr;
  }

  bool is_apart(std::size_t i) {
    if (apart[i] != Apart::Unknown) return apart[i] == Apart::Yes;
    apart[i] = Apart::No;  // should parents go in a circle
    if (on_both(i)) return false;
    const std::size_t container = container_of(i);
    const bool taken = container == nobody ? is_said_of_hidden_index(i) : is_apart(container);
    if (taken) apart[i] = Apart::Yes;
    return taken;
  }

  void spread() {
    for (std::size_t i = 0; i < objects.size(); ++i) is_apart(i);
  }

  Catalogue rest() const {
    Catalogue::Builder builder(catalogue.server_major());
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const Object& one = objects[i];
      if (apart[i] == Apart::Yes || apart[i] == Apart::Alone) continue;
      builder.add(one.kind, one.identity, one.parent_kind, one.parent_identity, one.properties);
    }
    return std::move(builder).build();
  }
};

class Split {
 public:
  Split(const Catalogue& expected, const Catalogue& actual, const RunTimeRules& rules,
        RunTime& seen)
      : rules_(rules), seen_(seen), expected_(expected, actual), actual_(actual, expected) {
    for (const RunTimePattern& pattern : rules.patterns) {
      seen.declared.push_back({pattern.written, 0, 0, false});
    }
    if (!rules.patterns.empty()) find_declared();
    replaced_ = bounds_only_of(expected_);
    const auto bounds_there = bounds_only_of(actual_);
    find_partitions(actual_, replaced_, [](const Object&, const Object&) { return true; });
    if (rules.expected_in_use) {
      // Which ranges there are depends on the day and on what was kept; all else is a choice.
      find_partitions(expected_, bounds_there, [](const Object& partition, const Object& parent) {
        return parent.property("partition_key").value_or("").starts_with("RANGE") &&
               partition.property("partition_bound") != "DEFAULT";
      });
    }
    find_columns_of_children(actual_, DriftKind::Unexpected);
    find_columns_of_children(expected_, DriftKind::Missing);
    if (!expected_.any && !actual_.any) return;
    expected_.spread();
    actual_.spread();
    count();
  }

  std::optional<Catalogue> rest_of_expected() const { return rest_of(expected_); }
  std::optional<Catalogue> rest_of_actual() const { return rest_of(actual_); }

  void append_against_parents(std::vector<Drift>& drifts) {
    std::ranges::move(of_columns_, std::back_inserter(drifts));
    std::map<std::size_t, ChildTable> children;
    for (std::size_t i = 0; i < actual_.objects.size(); ++i) {
      if (actual_.apart[i] != Half::Apart::Yes || !is_table(actual_.objects[i].kind)) continue;
      ChildTable child;
      child.table = &actual_.objects[i];
      const bool partition = partitions_there_.contains(i);
      if (is_partition(actual_.objects[i]) && !partition) continue;
      child.above = above(actual_, i);
      child.declared = is_declared(i);
      if (!child.above.empty()) children.emplace(i, std::move(child));
    }
    std::map<std::size_t, std::vector<const Object*>> parts;
    for (std::size_t i = 0; i < actual_.objects.size() && !children.empty(); ++i) {
      const std::size_t container = actual_.container_of(i);
      if (children.contains(container)) parts[container].push_back(&actual_.objects[i]);
    }
    for (auto& [table, child] : children) {
      child.parts = parts[table];
      append_against_parent(child, expected_.catalogue, actual_.catalogue, drifts);
    }
  }

 private:
  using Bounds = std::set<std::pair<std::string_view, std::string_view>>;  // parent, bound

  static std::optional<Catalogue> rest_of(const Half& half) {
    if (!half.any) return std::nullopt;
    return half.rest();
  }

  std::string spoken(std::string_view identity) const {
    const std::string& schema = rules_.schema;
    if (schema.empty() || !identity.starts_with(schema) || identity.size() == schema.size() ||
        identity[schema.size()] != '.') {
      return std::string(identity);
    }
    return rules_.spoken_schema + std::string(identity.substr(schema.size()));
  }

  /// The first pattern that names it; all that do are used.
  std::optional<std::size_t> pattern_of(const Object& object) {
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < rules_.patterns.size(); ++i) {
      const RunTimePattern& pattern = rules_.patterns[i];
      if (pattern.kind.empty() ? !is_table(object.kind) : pattern.kind != object.kind) continue;
      if (!glob_matches(pattern.object, object.identity) &&
          (rules_.schema.empty() || !glob_matches(pattern.object, spoken(object.identity)))) {
        continue;
      }
      seen_.declared[i].used = true;
      if (!first) first = i;
    }
    return first;
  }

  void find_declared() {
    for (std::size_t i = 0; i < actual_.objects.size(); ++i) {
      const Object& object = actual_.objects[i];
      const auto pattern = pattern_of(object);
      if (!pattern) continue;
      const std::size_t e = expected_.index_of(object.kind, object.identity);
      if (e != nobody) {
        const Object& before = expected_.objects[e];
        const bool moved = before.parent_kind != object.parent_kind ||
                           before.parent_identity != object.parent_identity;
        if (!moved || !(is_partition(before) || is_partition(object))) continue;
        expected_.take(e);
      }
      actual_.take(i);
      declared_there_.emplace(i, *pattern);
    }
    for (std::size_t i = 0; i < expected_.objects.size(); ++i) {
      const auto pattern = pattern_of(expected_.objects[i]);
      if (!pattern || expected_.on_both(i)) continue;
      expected_.take(i);
      declared_gone_.emplace(i, *pattern);
    }
  }

  /// Of partitions that only this side has, and that no pattern names.
  static Bounds bounds_only_of(const Half& half) {
    Bounds bounds;
    for (std::size_t i = 0; i < half.objects.size(); ++i) {
      const Object& object = half.objects[i];
      if (!is_partition(object) || half.apart[i] == Half::Apart::Yes || half.on_both(i)) continue;
      if (const auto bound = object.property("partition_bound")) {
        bounds.emplace(object.parent_identity, *bound);
      }
    }
    return bounds;
  }

  /// The nearest table above it that both sides have, where that is divided into partitions on
  /// both; `replaced`: bounds of partitions that only the other side has.
  static const Object* shared_parent(const Half& half, std::size_t i, const Bounds& replaced) {
    for (std::size_t depth = 0; depth < half.objects.size(); ++depth) {
      const Object& object = half.objects[i];
      if (!is_partition(object)) return nullptr;
      const Object* there = half.other.find(object.parent_kind, object.parent_identity);
      const std::size_t here = half.index_of(object.parent_kind, object.parent_identity);
      if (here == nobody) return nullptr;
      if (there != nullptr) {
        const auto bound = object.property("partition_bound");
        if (bound && replaced.contains({object.parent_identity, *bound})) return nullptr;
        return there->property("partition_key") && half.objects[here].property("partition_key")
                   ? there
                   : nullptr;
      }
      i = here;
    }
    return nullptr;
  }

  template <typename Wanted>
  void find_partitions(Half& half, const Bounds& replaced, const Wanted& wanted) {
    static const Bounds nothing;
    auto& found = &half == &actual_ ? partitions_there_ : partitions_gone_;
    for (std::size_t i = 0; i < half.objects.size(); ++i) {
      if (!is_partition(half.objects[i]) || half.on_both(i)) continue;
      const bool declared = half.apart[i] == Half::Apart::Yes;
      const Object* parent = shared_parent(half, i, declared ? nothing : replaced);
      if (parent == nullptr || !(declared || wanted(half.objects[i], *parent))) continue;
      half.take(i);
      found.emplace(i, spoken(parent->identity));
    }
  }

  /// The tables from which it inherits, as a partition or by INHERITS.
  static std::vector<std::string_view> above(const Half& half, std::size_t i) {
    std::vector<std::string_view> names;
    for (std::size_t depth = 0; i != nobody && depth < 100; ++depth) {
      const Object& object = half.objects[i];
      if (is_partition(object)) {
        names.push_back(object.parent_identity);
      } else if (const auto inherits = object.property("inherits")) {
        names.push_back(*inherits);  // several parents are the name of no table
      } else {
        break;
      }
      i = half.index_of("table", names.back());
    }
    return names;
  }

  static bool is_child_on_both(const Half& half, std::size_t i) {
    const Object& table = half.objects[i];
    const Object* there = half.other.find(table.kind, table.identity);
    return there != nullptr && there->parent_kind == table.parent_kind &&
           there->parent_identity == table.parent_identity &&
           there->property("inherits") == table.property("inherits");
  }

  /// A column is an object of a partition only where it is otherwise than its parent's: that only
  /// one side has it does not mean that it is not there on the other.
  void find_columns_of_children(Half& half, DriftKind only) {
    for (std::size_t i = 0; i < half.objects.size(); ++i) {
      const Object& column = half.objects[i];
      if (column.kind != "column" || half.on_both(i)) continue;
      const std::size_t table = half.index_of(column.parent_kind, column.parent_identity);
      if (table == nobody || half.apart[table] == Half::Apart::Yes) continue;
      const std::vector<std::string_view> names = above(half, table);
      if (names.empty() || !is_child_on_both(half, table)) continue;
      auto drift =
          column_against_parent(column, only, names, expected_.catalogue, actual_.catalogue);
      if (!drift) continue;
      half.apart[i] = Half::Apart::Alone;
      half.any = true;
      if (!drift->differences.empty()) of_columns_.push_back(*std::move(drift));
    }
  }

  bool is_declared(std::size_t i) const {
    for (std::size_t depth = 0; i != nobody && depth < 100; ++depth) {
      if (declared_there_.contains(i)) return true;
      i = actual_.container_of(i);
    }
    return false;
  }

  void count() {
    std::map<std::string, RunTime::Partitions> by_parent;
    for (const auto& [i, parent] : partitions_there_) ++by_parent[parent].there;
    for (const auto& [i, parent] : partitions_gone_) ++by_parent[parent].gone;
    for (auto& [parent, counts] : by_parent) {
      counts.parent = parent;
      seen_.partitions.push_back(counts);
    }
    const auto within = [](Half& half, std::size_t i) {
      const std::size_t container = half.container_of(i);
      return container != nobody && half.apart[container] == Half::Apart::Yes;
    };
    for (const auto& [i, pattern] : declared_there_) {
      if (!partitions_there_.contains(i) && !within(actual_, i)) ++seen_.declared[pattern].there;
    }
    for (const auto& [i, pattern] : declared_gone_) {
      if (!partitions_gone_.contains(i) && !within(expected_, i)) ++seen_.declared[pattern].gone;
    }
  }

  const RunTimeRules& rules_;
  RunTime& seen_;
  Half expected_;
  Half actual_;
  Bounds replaced_;
  std::vector<Drift> of_columns_;
  std::map<std::size_t, std::size_t> declared_there_;  // to the pattern
  std::map<std::size_t, std::size_t> declared_gone_;
  std::map<std::size_t, std::string> partitions_there_;  // to the parent
  std::map<std::size_t, std::string> partitions_gone_;
};

/// What nobody knows of a parent cannot be held against its partitions.
void drop_undetermined(std::vector<Drift>& drifts, const std::vector<Undetermined>& unknown) {
  for (Drift& drift : drifts) {
    if (!drift.like) continue;
    for (const Undetermined& one : unknown) {
      if (one.object != *drift.like) continue;
      std::erase_if(drift.differences, [&](const Difference& difference) {
        return std::ranges::find(one.properties, difference.property) != one.properties.end();
      });
    }
  }
  std::erase_if(drifts, [](const Drift& drift) { return drift.like && drift.differences.empty(); });
}

}  // namespace

std::size_t RunTime::there() const {
  std::size_t count = 0;
  for (const Partitions& one : partitions) count += one.there;
  for (const Declared& one : declared) count += one.there;
  return count;
}

void RunTime::add(const RunTime& other) {
  for (const Partitions& one : other.partitions) {
    const auto at = std::ranges::lower_bound(partitions, one.parent, {}, &Partitions::parent);
    if (at == partitions.end() || at->parent != one.parent) {
      partitions.insert(at, one);
    } else {
      at->there += one.there;
      at->gone += one.gone;
    }
  }
  if (declared.size() < other.declared.size()) declared.resize(other.declared.size());
  for (std::size_t i = 0; i < other.declared.size(); ++i) {
    declared[i].pattern = other.declared[i].pattern;
    declared[i].there += other.declared[i].there;
    declared[i].gone += other.declared[i].gone;
    declared[i].used = declared[i].used || other.declared[i].used;
  }
}

std::vector<Drift> compare(const Expected& expected, const Actual& actual,
                           const RunTimeRules& rules, RunTime& seen) {
  seen = {};
  if (!expected.undetermined.empty()) {
    const auto& unknown = expected.undetermined;
    std::vector<Drift> drifts = compare(Expected{without(expected.catalogue, unknown)},
                                        Actual{without(actual.catalogue, unknown)}, rules, seen);
    drop_undetermined(drifts, unknown);
    return drifts;
  }
  Split split(expected.catalogue, actual.catalogue, rules, seen);
  std::optional<Expected> wanted;
  std::optional<Actual> there;
  if (auto rest = split.rest_of_expected()) wanted.emplace(Expected{*std::move(rest)});
  if (auto rest = split.rest_of_actual()) there.emplace(Actual{*std::move(rest)});
  std::vector<Drift> drifts = compare(wanted ? *wanted : expected, there ? *there : actual);
  if (!wanted && !there) return drifts;
  split.append_against_parents(drifts);
  std::ranges::sort(drifts, [](const Drift& a, const Drift& b) {
    return std::tie(a.object, a.kind) < std::tie(b.object, b.kind);
  });
  return drifts;
}

}  // namespace driftd
