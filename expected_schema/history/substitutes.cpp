#include "expected_schema/history/substitutes.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/statements.h"

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

class SubstitutedHistory : public History {
 public:
  SubstitutedHistory(std::unique_ptr<History> history,
                     const std::map<std::string, std::string>& files)
      : history_(std::move(history)) {
    std::set<std::string> revisions;
    for (const Migration& one : history_->all().applied) revisions.insert(one.revision);
    for (const auto& [revision, file] : files) {
      if (!revisions.contains(revision)) {
        throw Error(Reason::Settings,
                    fmt::format("migrations.substitutes names {}, which no migration is", revision),
                    "Name revisions in full, as driftd history shows them.");
      }
      const std::string text = read_file(file);
      auto one = std::make_shared<Substitute>(Substitute{file, digest_of(text), {}});
      for (SqlStatement& statement : cut_statements(text)) {
        if (!keeps_version(statement, history_->version_table())) {
          one->statements.push_back(std::move(statement));
        }
      }
      substitutes_.emplace(revision, std::move(one));
    }
  }

  std::string tool() const override { return history_->tool(); }
  std::size_t size() const override { return history_->size(); }
  std::vector<std::string> heads() const override { return history_->heads(); }
  const VersionTable& version_table() const override { return history_->version_table(); }
  std::vector<std::string> roots() const override {
    std::vector<std::string> roots = history_->roots();
    for (const auto& [ignored, one] : substitutes_) roots.push_back(one->file);
    return roots;
  }
  AppliedHistory applied(const std::vector<std::string>& revisions) const override {
    return substituted(history_->applied(revisions));
  }
  AppliedHistory all() const override { return substituted(history_->all()); }

 private:
  AppliedHistory substituted(AppliedHistory history) const {
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

  std::unique_ptr<History> history_;
  std::map<std::string, std::shared_ptr<const Substitute>> substitutes_;
};

}  // namespace

std::unique_ptr<History> with_substitutes(std::unique_ptr<History> history,
                                          const std::map<std::string, std::string>& files) {
  return std::make_unique<SubstitutedHistory>(std::move(history), files);
}

}  // namespace driftd
