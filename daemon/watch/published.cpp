#include "daemon/watch/published.h"

namespace driftd {

Status Published::status() const {
  if (unknown || last_good == nullptr) return Status::Unknown;
  if (last_good->confirmed() > 0) return Status::Drift;
  return last_good->in_sync() ? Status::InSync : Status::Unknown;
}

}  // namespace driftd
