#pragma once

#include <memory>
#include <string>
#include <utility>

#include "daemon/judge/report.h"
#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// What name_causes() needs of a look, and remembers of its own.
struct CauseMemory {
  std::shared_ptr<const Actual> actual;  ///< of the newest full look; null: no findings, or told
  std::string told;  ///< of which findings and which history the causes are told
  Time failed{};     ///< when they could not be told; zero: they could

  /// A full look has ended. Kept only as long as there is something to explain.
  void found(const Report& report, Actual catalogue) {
    actual =
        report.findings.empty() ? nullptr : std::make_shared<const Actual>(std::move(catalogue));
  }
};

}  // namespace driftd
