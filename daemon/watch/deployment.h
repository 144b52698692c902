#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

/// Tells from one look to the next whether somebody seems to deploy. Pure but for what it keeps.
class DeploymentWatch {
 public:
  /// The revisions that the database says it has. That they moved is a sign for a minute: where
  /// several migrations run, each in transactions of its own, the next one is on its way.
  void revisions(const std::vector<std::string>& revisions, Time now);

  /// With the other signs of this look; nothing where there are none. Lasting from `longest` after
  /// the first of the looks in a row that had some.
  std::optional<Deployment> at(std::vector<std::string> signs, std::chrono::milliseconds longest,
                               Time now);

 private:
  std::optional<std::vector<std::string>> revisions_;
  std::optional<Time> moved_;
  std::optional<Time> began_;
};

}  // namespace driftd
