#include "expected_schema/history/substitutes.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/statements.h"
#include "expected_schema/history/wrapped_history.h"

namespace driftd {
namespace {

struct Substitute {
  std::string file;
  std::string digest;
  std::vector<SqlStatement> statements;
};

/// Whether a statement is the tool's own, on its version table.
bool keeps_version(const SqlStatement& statement, const VersionTable& table) {
  static const std::regex pattern(
      "(?:\\s|--[^\\n]*\\n)*(?:insert\\s+into|update|delete\\s+from|create\\s+table)\\s+"
      "(?:[\\w\"]+\\.)?\"?(\\w+)\"?(?:[^\\w.][^]*)?",
      std::regex::icase);
  std::smatch match;
  // The beginning is enough, and std::regex recurses on long texts.
  const std::string start = statement.sql.substr(0, 512);
  return std::regex_match(start, match, pattern) && lower(match[1].str()) == lower(table.name);
}

class SubstitutedHistory : public WrappedHistory {
 public:
  SubstitutedHistory(std::unique_ptr<History> history,
                     const std::map<std::string, std::string>& files)
      : WrappedHistory(std::move(history)) {
    std::set<std::string> revisions;
    for (const Migration& one : inner().all().applied) revisions.insert(one.revision);
    for (const auto& [revision, file] : files) {
      if (!revisions.contains(revision)) {
        throw Error(Reason::Settings,
                    fmt::format("migrations.substitutes names {}, which no migration is", revision),
                    "Name revisions in full, as driftd history shows them.");
      }
      const std::string text = read_file(file);
      auto one = std::make_shared<Substitute>(Substitute{file, digest_of(text), {}});
      for (SqlStatement& statement : cut_statements(text)) {
        if (!keeps_version(statement, inner().version_table())) {
          one->statements.push_back(std::move(statement));
        }
      }
      substitutes_.emplace(revision, std::move(one));
    }
  }

  std::vector<std::string> roots() const override {
    std::vector<std::string> roots = WrappedHistory::roots();
    for (const auto& [ignored, one] : substitutes_) roots.push_back(one->file);
    return roots;
  }

 private:
  AppliedHistory changed(AppliedHistory history) const override {
    Digest digest;
    digest.add("substitutes").add(history.digest);
    for (Migration& migration : history.applied) {
      const auto found = substitutes_.find(migration.revision);
      if (found == substitutes_.end()) continue;
      digest.add(migration.revision).add(found->second->digest);
      migration.upgrade = [one = found->second,
                           revision = migration.revision](StatementSink& sink) {
        for (const SqlStatement& part : one->statements) {
          sink.run({part.sql, {one->file, part.line, 0}, revision, false});
        }
      };
    }
    history.digest = digest.hex();
    return history;
  }

  std::map<std::string, std::shared_ptr<const Substitute>> substitutes_;
};

}  // namespace

std::unique_ptr<History> with_substitutes(std::unique_ptr<History> history,
                                          const std::map<std::string, std::string>& files) {
  return std::make_unique<SubstitutedHistory>(std::move(history), files);
}

}  // namespace driftd
