#include "daemon/watch/self_tests.h"

#include <utility>

namespace driftd {
namespace {

/// No settings ask for a test less often.
constexpr std::chrono::hours kept{24};

}  // namespace

std::optional<SelfTests::Outcome> SelfTests::newest(const std::string& digest,
                                                    std::chrono::milliseconds age,
                                                    std::chrono::milliseconds failure_age,
                                                    Time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return std::nullopt;
  const Entry& entry = found->second;
  if (now - entry.ended > (entry.outcome.failure.empty() ? age : failure_age)) return std::nullopt;
  return entry.outcome;
}

void SelfTests::add(const std::string& digest, Outcome outcome, Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(by_digest_, [&](const auto& one) { return now - one.second.ended > kept; });
  by_digest_.insert_or_assign(digest, Entry{std::move(outcome), now});
}

}  // namespace driftd
