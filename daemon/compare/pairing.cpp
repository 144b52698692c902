#include "daemon/compare/pairing.h"

#include <algorithm>
#include <tuple>

namespace driftd {

Side::Side(const Catalogue& from)
    : catalogue(&from),
      objects(from.objects()),
      partner(objects.size(), nobody),
      folded(objects.size(), false) {}

std::size_t Side::index_of(std::string_view kind, std::string_view identity) const {
  const Object* found = catalogue->find(kind, identity);
  return found == nullptr ? nobody : static_cast<std::size_t>(found - objects.data());
}

void Side::link() {
  if (!parent.empty()) return;
  parent.assign(objects.size(), nobody);
  children.resize(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!objects[i].has_parent()) continue;
    parent[i] = index_of(objects[i].parent_kind, objects[i].parent_identity);
    if (parent[i] != nobody) children[parent[i]].push_back(i);
  }
}

Pairing::Pairing(const Catalogue& expected_catalogue, const Catalogue& actual_catalogue)
    : expected(expected_catalogue), actual(actual_catalogue) {
  std::size_t e = 0;
  std::size_t a = 0;
  while (e < expected.objects.size() && a < actual.objects.size()) {
    const Object& left = expected.objects[e];
    const Object& right = actual.objects[a];
    const auto order = std::tie(left.kind, left.identity) <=> std::tie(right.kind, right.identity);
    if (order == 0) {
      pair(e++, a++);
    } else if (order < 0) {
      ++e;
    } else {
      ++a;
    }
  }
}

void Pairing::pair(std::size_t e, std::size_t a) {
  expected.partner[e] = a;
  actual.partner[a] = e;
}

bool Pairing::complete() const {
  return std::ranges::find(expected.partner, nobody) == expected.partner.end() &&
         std::ranges::find(actual.partner, nobody) == actual.partner.end();
}

}  // namespace driftd
