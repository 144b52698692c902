#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/history/history.h"

namespace driftd {

/// A history that is another one but for what is overridden.
class WrappedHistory : public History {
 public:
  explicit WrappedHistory(std::unique_ptr<History> history) : history_(std::move(history)) {}

  std::string tool() const override { return history_->tool(); }
  std::size_t size() const override { return history_->size(); }
  std::vector<std::string> heads() const override { return history_->heads(); }
  const VersionTable& version_table() const override { return history_->version_table(); }
  std::vector<std::string> roots() const override { return history_->roots(); }
  AppliedHistory applied(const std::vector<std::string>& revisions) const override {
    return changed(history_->applied(revisions));
  }
  std::optional<HalfRun> half_run(const std::vector<std::string>& revisions) const override {
    auto half = history_->half_run(revisions);
    if (half) half->applied = changed(std::move(half->applied));
    return half;
  }
  AppliedHistory all() const override { return changed(history_->all()); }
  AppliedHistory all_and(const std::vector<Draft>& drafts, bool taken_back) const override {
    return changed(history_->all_and(drafts, taken_back));
  }

 protected:
  /// What becomes of what the other one says.
  virtual AppliedHistory changed(AppliedHistory history) const = 0;
  const History& inner() const { return *history_; }

 private:
  std::unique_ptr<History> history_;
};

}  // namespace driftd
