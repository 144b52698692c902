#include "daemon/watch/deployment.h"

#include <fmt/format.h>

#include <utility>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

constexpr std::chrono::seconds settling{60};

std::string listed(const std::vector<std::string>& revisions) {
  return revisions.empty() ? "no revision" : join(revisions, ", ");
}

}  // namespace

void DeploymentWatch::revisions(const std::vector<std::string>& revisions, Time now) {
  if (revisions_ && *revisions_ != revisions) moved_ = now;
  revisions_ = revisions;
}

std::optional<Deployment> DeploymentWatch::at(std::vector<std::string> signs,
                                              std::chrono::milliseconds longest, Time now) {
  // A clock that was set back is no reason to wait for it.
  if (moved_ && (*moved_ > now || now - *moved_ >= settling)) moved_.reset();
  if (moved_) {
    signs.insert(signs.begin(),
                 fmt::format("the database has just come to {}", listed(*revisions_)));
  }
  if (signs.empty()) {
    began_.reset();
    return std::nullopt;
  }
  if (!began_ || *began_ > now) began_ = now;
  return Deployment{*began_, std::move(signs), now - *began_ >= longest};
}

}  // namespace driftd
