#pragma once

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

}  // namespace driftd
