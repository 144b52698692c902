#include "daemon/watch/crew.h"

#include <algorithm>

namespace driftd {
namespace {

using std::chrono::milliseconds;

/// How often it is asked whether the scratch server may rest.
constexpr milliseconds between_rests{5000};

/// Hundreds of looks a second need not ask hundreds of files each. Nobody migrates with a file
/// that has been there for less.
constexpr milliseconds files_believed{200};

struct RestingSchemas {
  explicit RestingSchemas(const ScratchSettings& settings) : schemas(settings) {}

  ExpectedSchemas schemas;
  std::unique_ptr<Workers::Task> resting;
};

/// What somebody still holds for an equal key, or a new one.
template <typename Key, typename Value, typename Make>
std::shared_ptr<Value> shared(std::vector<std::pair<Key, std::weak_ptr<Value>>>& known,
                              const Key& key, const Make& make) {
  std::erase_if(known, [](const auto& one) { return one.second.expired(); });
  const auto found = std::ranges::find(known, key, [](const auto& one) { return one.first; });
  if (found != known.end()) {
    if (auto value = found->second.lock()) return value;
    known.erase(found);
  }
  std::shared_ptr<Value> value = make();
  known.emplace_back(key, value);
  return value;
}

}  // namespace

Crew::Crew(int workers, int idle_sessions)
    : looks(workers),
      models(std::max(2, workers / 2)),
      explanations(1),
      background(1),
      idle_sessions_(idle_sessions) {}

std::shared_ptr<ExpectedSchemas> Crew::schemas(const ScratchSettings& settings) {
  const std::lock_guard lock(mutex_);
  return shared(schemas_, settings, [&] {
    auto made = std::make_shared<RestingSchemas>(settings);
    made->resting = background.add(
        {},
        [s = made.get()](const Workers::Turn&) {
          s->schemas.rest();
          return Workers::Next{between_rests};
        },
        between_rests);
    return std::shared_ptr<ExpectedSchemas>(made, &made->schemas);
  });
}

std::shared_ptr<SharedHistory> Crew::history(const HistorySource& source) {
  const std::lock_guard lock(mutex_);
  return shared(histories_, source,
                [&] { return std::make_shared<SharedHistory>(source, files_believed); });
}

std::shared_ptr<SelfTests> Crew::self_tests(const ScratchSettings& settings) {
  const std::lock_guard lock(mutex_);
  return shared(self_tests_, settings, [] { return std::make_shared<SelfTests>(); });
}

std::shared_ptr<IdleSessions> Crew::idle_sessions(const std::string& server) {
  const std::lock_guard lock(mutex_);
  return shared(servers_, server, [&] { return std::make_shared<IdleSessions>(idle_sessions_); });
}

}  // namespace driftd
