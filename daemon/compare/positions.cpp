#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "daemon/compare/pairing.h"

namespace driftd {
namespace {

std::optional<int> position_of(const Object& object) {
  const auto text = object.property("position");
  if (!text) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

struct Brother {
  std::size_t expected;
  int from;  // position on the expected side
  int to;    // position on the actual side
};

/// Which of the brothers, sorted by `from`, belong to one longest run that also rises in `to`.
std::vector<bool> longest_increasing(const std::vector<Brother>& brothers) {
  std::vector<std::size_t> tails;  // tails[k]: last of the best run of k + 1 brothers
  std::vector<std::size_t> before(brothers.size(), nobody);
  for (std::size_t i = 0; i < brothers.size(); ++i) {
    const auto at = std::ranges::lower_bound(tails, brothers[i].to, {},
                                             [&](std::size_t t) { return brothers[t].to; });
    if (at != tails.begin()) before[i] = *std::prev(at);
    if (at == tails.end()) {
      tails.push_back(i);
    } else {
      *at = i;
    }
  }
  std::vector<bool> in_run(brothers.size(), false);
  for (std::size_t i = tails.empty() ? nobody : tails.back(); i != nobody; i = before[i]) {
    in_run[i] = true;
  }
  return in_run;
}

/// `3 (after email)` or `1 (first)` for each brother, in the given order of their places.
std::vector<std::string> places(const std::vector<Brother>& brothers,
                                const std::vector<std::size_t>& order, const Side& expected) {
  std::vector<std::string> texts(brothers.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    texts[order[rank]] =
        rank == 0
            ? "1 (first)"
            : fmt::format("{} (after {})", rank + 1,
                          own_name(expected.objects[brothers[order[rank - 1]].expected].identity));
  }
  return texts;
}

void find_moves_below(const Pairing& pairing, std::size_t parent, std::string_view kind,
                      std::vector<Move>& moves) {
  const Side& e = pairing.expected;
  std::vector<Brother> brothers;
  for (const std::size_t child : e.children[parent]) {
    if (e.partner[child] == nobody || e.objects[child].kind != kind) continue;
    const auto from = position_of(e.objects[child]);
    const auto to = position_of(pairing.actual.objects[e.partner[child]]);
    if (from && to) brothers.push_back({child, *from, *to});
  }
  std::ranges::sort(brothers, {}, &Brother::from);
  const std::vector<bool> stays = longest_increasing(brothers);

  std::vector<std::size_t> order(brothers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto from = places(brothers, order, e);
  std::ranges::sort(order, {}, [&](std::size_t i) { return brothers[i].to; });
  const auto to = places(brothers, order, e);
  for (std::size_t i = 0; i < brothers.size(); ++i) {
    // Where the texts are equal it only follows a brother that is named.
    if (!stays[i] && from[i] != to[i]) moves.push_back({brothers[i].expected, from[i], to[i]});
  }
}

}  // namespace

std::vector<Move> find_moves(Pairing& pairing) {
  const Side& e = pairing.expected;
  std::vector<std::size_t> suspects;
  for (std::size_t i = 0; i < e.objects.size(); ++i) {
    if (e.partner[i] == nobody || !e.objects[i].has_parent()) continue;
    const Object& other = pairing.actual.objects[e.partner[i]];
    if (position_of(e.objects[i]) != position_of(other)) suspects.push_back(i);
  }
  if (suspects.empty()) return {};  // equal positions are an equal order
  pairing.expected.link();
  pairing.actual.link();
  std::set<std::pair<std::size_t, std::string_view>> families;
  for (const std::size_t i : suspects) {
    if (e.parent[i] != nobody) families.emplace(e.parent[i], e.objects[i].kind);
  }
  std::vector<Move> moves;
  for (const auto& [parent, kind] : families) find_moves_below(pairing, parent, kind, moves);
  return moves;
}

}  // namespace driftd
