#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/judge/report.h"
#include "expected_schema/history/history.h"
#include "expected_schema/history/tenants.h"

namespace driftd {

/// What looks at the tenants of a database leave for the next.
class TenantMemory {
 public:
  /// What the version tables say in this look.
  void see(const std::vector<TenantVersion>& versions, Time now);
  /// How many were migrated within the last minute.
  std::size_t migrated(Time now) const;
  /// Until when a tenant is new.
  Time new_until(const std::string& schema) const;

  /// The history of such revisions, as it is replayed for a tenant: one object while it is the
  /// same.
  std::shared_ptr<const AppliedHistory> history(
      const std::shared_ptr<const AppliedHistory>& applied,
      const std::vector<std::pair<std::string, std::string>>& extensions);

  Time again{};  ///< when what could not be derived is to be tried again; zero: all could be

 private:
  struct Known {
    std::vector<std::string> revisions;
    Time appeared{};  ///< zero: it was there at the first look
    Time moved{};
  };
  struct Made {
    std::shared_ptr<const AppliedHistory> of;
    std::shared_ptr<const AppliedHistory> history;
  };

  std::map<std::string, Known> known_;
  bool looked_ = false;
  std::vector<std::pair<std::string, std::string>> extensions_;
  std::vector<Made> made_;  // the newest last
};

}  // namespace driftd
