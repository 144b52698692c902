#include "expected_schema/history/baseline.h"

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/dump.h"
#include "expected_schema/history/statements.h"
#include "expected_schema/history/wrapped_history.h"

namespace driftd {
namespace {

class BaselinedHistory : public WrappedHistory {
 public:
  BaselinedHistory(std::unique_ptr<History> history, std::string file)
      : WrappedHistory(std::move(history)), file_(std::move(file)) {
    const std::string text = read_file(file_);
    const std::string sql = without_psql(text, file_);
    baseline_.revision = "baseline";
    baseline_.message = "what stood before the first migration";
    baseline_.file = file_;
    baseline_.digest = digest_of(text);
    baseline_.upgrade = [statements = cut_statements(sql), file = file_](StatementSink& sink) {
      for (const SqlStatement& one : statements) {
        sink.run({for_its_own_transaction(one.sql), {file, one.line, 0}, "baseline", false});
      }
    };
  }

  std::vector<std::string> roots() const override {
    std::vector<std::string> roots = WrappedHistory::roots();
    roots.push_back(file_);
    return roots;
  }

 private:
  AppliedHistory changed(AppliedHistory history) const override {
    history.before.push_back(baseline_);
    history.digest = Digest().add("baseline").add(history.digest).add(baseline_.digest).hex();
    return history;
  }

  std::string file_;
  Migration baseline_;
};

}  // namespace

std::unique_ptr<History> with_baseline(std::unique_ptr<History> history, const std::string& file) {
  return std::make_unique<BaselinedHistory>(std::move(history), file);
}

}  // namespace driftd
