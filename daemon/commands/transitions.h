#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/log/log.h"
#include "daemon/watch/published.h"

namespace driftd {

/// Something worth a line of the log.
struct Event {
  log::Level level = log::Level::Info;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
};

/// Tells what is new in what one database publishes, so that the log speaks once a change and not
/// once a look. Pure but for its memory.
class Transitions {
 public:
  explicit Transitions(Comparison comparison = Comparison::Database) : comparison_(comparison) {}
  std::vector<Event> next(const Published& published);

 private:
  std::vector<Event> events_of(const Published& published);

  Comparison comparison_;
  std::optional<Status> status_;
  bool deploying_ = false;
  std::string state_problem_;
  std::optional<std::string> listening_problem_;
  std::string unknown_;                           ///< what the newest look could not tell
  std::map<std::string, std::string> confirmed_;  ///< fingerprint -> object
  std::set<std::string> unknown_tenants_;
  std::set<std::string> undetermined_;
  std::set<std::string> causes_;  ///< with their sentences
};

}  // namespace driftd
