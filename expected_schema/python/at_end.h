#pragma once

#include <utility>

namespace driftd::python {

/// Ends with a statement what began in it.
template <typename Close>
struct AtEnd {
  Close close;
  explicit AtEnd(Close a_close) : close(std::move(a_close)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { close(); }
};

}  // namespace driftd::python
