#pragma once

#include <functional>
#include <map>
#include <string>

#include "expected_schema/base/error.h"

namespace driftd {

/// Which migration last set an object, and where it says so.
struct Provenance {
  std::string revision;
  std::string message;  ///< the migration's own first line
  Place place;

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// How an object came to be as the migrations leave it. Of one that they leave behind no more,
/// `last` is what dropped it.
struct Origin {
  Provenance last;  ///< after which the object looked as it does at the end
  /// By property, also of one that is absent in the end because a migration took it away.
  std::map<std::string, Provenance, std::less<>> properties;

  friend bool operator==(const Origin&, const Origin&) = default;
};

}  // namespace driftd
