#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "daemon/compare/pairing.h"

/// Who has been renamed. An object without a partner is written down as its shape: kind, parent,
/// properties and everything it contains, with its own name blotted out wherever PostgreSQL prints
/// it. Exactly one missing and exactly one unexpected object of one shape are the same object.
/// Texts and no similarity: two candidates are no rename, and neither is a rename with a change.
namespace driftd {
namespace {

/// No name can hold these bytes.
constexpr std::string_view blot = "\x01";
constexpr std::string_view bare_blot = "\x02";

void append_field(std::string& shape, std::string_view text) {
  fmt::format_to(std::back_inserter(shape), "{}:", text.size());
  shape += text;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Shapes {
 public:
  Shapes(const Side& side, bool expected) : side_(side), expected_(expected) {}

  std::string of(std::size_t root) const {
    const Object& object = side_.objects[root];
    const std::string_view name = own_name(object.identity);
    const std::string_view dotted = dotted_name(object.identity);
    Substitution own;
    own.add_dotted(dotted, blot);
    own.add_bare(name, bare_blot);
    Substitution below;
    below.add_dotted(dotted, blot);
    if (dotted.empty()) below.add_bare(name, bare_blot);

    std::string shape;
    append_field(shape, object.kind);
    append_parent(shape, root);
    for (const Property& property : object.properties) {
      append_field(shape, property.name);
      if (property.name == "position" && object.has_parent()) {
        append_field(shape, brother_before(root));
      } else {
        // A value that is the name as a whole is something else of that name: a column "text".
        append_field(shape, property.value == name ? std::string(property.value)
                                                   : own.apply(property.value));
      }
    }
    append_children(shape, root, below);
    return shape;
  }

 private:
  /// The parent by its expected index, so that both sides say the same.
  void append_parent(std::string& shape, std::size_t i) const {
    const Object& object = side_.objects[i];
    const std::size_t parent = side_.parent[i];
    if (parent == nobody) {
      append_field(shape, object.parent_kind);
      append_field(shape, object.parent_identity);
    } else {
      append_field(shape, std::to_string(expected_ ? parent : side_.partner[parent]));
    }
  }

  /// After which of the brothers that both sides have it stands.
  std::string brother_before(std::size_t i) const {
    const int position = number(side_.objects[i].property("position").value_or("0"));
    std::size_t before = nobody;
    int best = 0;
    if (side_.parent[i] == nobody) return {};
    for (const std::size_t brother : side_.children[side_.parent[i]]) {
      if (side_.partner[brother] == nobody) continue;
      if (side_.objects[brother].kind != side_.objects[i].kind) continue;
      const int at = number(side_.objects[brother].property("position").value_or("0"));
      if (at < position && (before == nobody || at > best)) {
        before = brother;
        best = at;
      }
    }
    if (before == nobody) return "first";
    return std::to_string(expected_ ? before : side_.partner[before]);
  }

  void append_children(std::string& shape, std::size_t i, const Substitution& names) const {
    std::vector<std::string> children;
    std::map<std::string_view, std::vector<int>> positions;
    for (const std::size_t child : side_.children[i]) {
      if (const auto at = side_.objects[child].property("position")) {
        positions[side_.objects[child].kind].push_back(number(*at));
      }
    }
    for (auto& [kind, of_kind] : positions) std::ranges::sort(of_kind);
    for (const std::size_t child : side_.children[i]) {
      const Object& object = side_.objects[child];
      std::string text;
      append_field(text, object.kind);
      append_field(text, names.apply(object.identity));
      for (const Property& property : object.properties) {
        append_field(text, property.name);
        if (property.name == "position") {
          const auto& of_kind = positions[object.kind];
          const auto rank = std::ranges::lower_bound(of_kind, number(property.value));
          append_field(text, std::to_string(rank - of_kind.begin()));
        } else {
          append_field(text, names.apply(property.value));
        }
      }
      append_children(text, child, names);
      children.push_back(std::move(text));
    }
    std::ranges::sort(children);
    fmt::format_to(std::back_inserter(shape), "[{}", children.size());
    for (const std::string& child : children) append_field(shape, child);
    shape += ']';
  }

  const Side& side_;
  bool expected_;
};

/// Not what cannot be renamed in PostgreSQL, has no name of its own, or is an extension's business.
bool renamable(std::string_view kind) {
  return kind != "comment" && kind != "extension" && kind != "extension member";
}

/// Without a partner, while its parent has one (or there is no parent).
std::vector<std::size_t> lonely_roots(const Side& side) {
  std::vector<std::size_t> roots;
  for (std::size_t i = 0; i < side.objects.size(); ++i) {
    if (!side.alone(i) || !renamable(side.objects[i].kind)) continue;
    const std::size_t parent = side.parent[i];
    if (parent == nobody || side.partner[parent] != nobody) roots.push_back(i);
  }
  return roots;
}

/// Leaves the roots whose kind and parent also have one on the other side: only for those is a
/// shape worth its while.
void drop_without_candidate(const Pairing& pairing, std::vector<std::size_t>& expected,
                            std::vector<std::size_t>& actual) {
  using Place = std::pair<std::string_view, std::size_t>;
  std::map<Place, std::pair<bool, bool>> places;
  const auto expected_place = [&](std::size_t i) {
    return Place{pairing.expected.objects[i].kind, pairing.expected.parent[i]};
  };
  const auto actual_place = [&](std::size_t i) {
    const std::size_t parent = pairing.actual.parent[i];
    return Place{pairing.actual.objects[i].kind,
                 parent == nobody ? nobody : pairing.actual.partner[parent]};
  };
  for (const std::size_t i : expected) places[expected_place(i)].first = true;
  for (const std::size_t i : actual) places[actual_place(i)].second = true;
  const auto hopeless = [&](const Place& place) {
    const auto& [left, right] = places.at(place);
    return !left || !right;
  };
  std::erase_if(expected, [&](std::size_t i) { return hopeless(expected_place(i)); });
  std::erase_if(actual, [&](std::size_t i) { return hopeless(actual_place(i)); });
}

void fold_below(Side& side, std::size_t i) {
  for (const std::size_t child : side.children[i]) {
    if (side.folded[child]) continue;
    side.folded[child] = true;
    fold_below(side, child);
  }
}

/// Brothers in a gap between the same two neighbours see each other only by their parent, so the
/// shapes of a whole level are taken before anybody is paired.
void pair_equal_shapes(Pairing& pairing) {
  std::vector<std::size_t> expected = lonely_roots(pairing.expected);
  std::vector<std::size_t> actual = lonely_roots(pairing.actual);
  drop_without_candidate(pairing, expected, actual);

  std::unordered_map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>>
      by_shape;
  const Shapes expected_shapes(pairing.expected, true);
  const Shapes actual_shapes(pairing.actual, false);
  for (const std::size_t i : expected) by_shape[expected_shapes.of(i)].first.push_back(i);
  for (const std::size_t i : actual) by_shape[actual_shapes.of(i)].second.push_back(i);
  for (const auto& [shape, candidates] : by_shape) {
    const auto& [left, right] = candidates;
    if (left.size() == 1 && right.size() == 1) pairing.renames.push_back({left[0], right[0]});
  }
  std::ranges::sort(pairing.renames, {}, &Rename::expected);
}

}  // namespace

void pair_renamed(Pairing& pairing) {
  pair_equal_shapes(pairing);
  for (const Rename& rename : pairing.renames) {
    pairing.pair(rename.expected, rename.actual);
    fold_below(pairing.expected, rename.expected);
    fold_below(pairing.actual, rename.actual);
    pairing.renamed.add_dotted(dotted_name(pairing.expected.objects[rename.expected].identity),
                               dotted_name(pairing.actual.objects[rename.actual].identity));
  }
  if (pairing.renamed.empty()) return;
  for (std::size_t e = 0; e < pairing.expected.objects.size(); ++e) {
    if (!pairing.expected.alone(e)) continue;
    const Object& object = pairing.expected.objects[e];
    const std::size_t a =
        pairing.actual.index_of(object.kind, pairing.renamed.apply(object.identity));
    if (a != nobody && pairing.actual.alone(a)) pairing.pair(e, a);
  }
}

}  // namespace driftd
