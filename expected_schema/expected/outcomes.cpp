#include "expected_schema/expected/outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/catalogue/undetermined.h"

namespace driftd {
namespace {

constexpr std::size_t most_parts = 10;
/// Up to so many, two outcomes a part are replayed; one beyond.
constexpr std::size_t few_parts = 5;

bool has(const std::vector<OpenPart>& parts, const std::string& name) {
  return std::ranges::find(parts, name, &OpenPart::name) != parts.end();
}

}  // namespace

void add_other_outcomes(const Catalogue& all, const std::vector<OpenPart>& parts,
                        const ReplayWith& replay_with, std::vector<Undetermined>& undetermined) {
  if (parts.empty() && undetermined.empty()) return;
  if (parts.size() > most_parts) {
    const OpenPart& last = parts.back();
    throw Error(Reason::NotUnderstood,
                fmt::format("{} parts of the migrations may have run or not, which are too many to "
                            "tell what they leave; in the last one, {}",
                            parts.size(), last.doubt.why),
                last.doubt.hint, last.first.place);
  }
  std::set<std::string> known;
  for (const Undetermined& one : undetermined) known.insert(to_string(one));
  const auto add = [&](const OpenPart* because,
                       const std::function<bool(const std::string&)>& runs) {
    std::vector<Undetermined> found;
    try {
      found = changes(all, replay_with(runs));
    } catch (const Error& error) {
      // The migrations were applied: they did not fail.
      if (error.reason() == Reason::Replay || error.reason() == Reason::NotUnderstood) return;
      throw;
    }
    for (Undetermined& one : found) {
      if (!known.insert(to_string(one)).second) continue;
      if (because != nullptr) {
        one.revision = because->first.revision;
        one.why = because->doubt.why;
        one.hint = because->doubt.hint;
        one.place = because->first.place;
      } else {
        const Undetermined& first = undetermined.front();
        one.revision = first.revision;
        one.why = first.why;
        one.hint = first.hint;
        one.place = first.place;
      }
      undetermined.push_back(std::move(one));
    }
  };
  for (const OpenPart& part : parts) {
    // A value that is not known is no part: it is as it was where all ran.
    add(&part, [&](const std::string& name) { return name == part.name || !has(parts, name); });
    if (parts.size() == 1 || parts.size() > few_parts) continue;
    add(&part, [&](const std::string& name) { return name != part.name; });
  }
  add(parts.empty() ? nullptr : &parts.front(), [](const std::string&) { return false; });
}

}  // namespace driftd
