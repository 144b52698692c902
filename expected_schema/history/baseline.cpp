#include "expected_schema/history/baseline.h"

#include <fmt/format.h>

#include <cctype>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/statements.h"

namespace driftd {
namespace {

/// The text without psql's own lines, which a newer pg_dump writes around its output.
std::string without_psql(const std::string& text, const std::string& file) {
  std::string result;
  int number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const bool of_psql = line.starts_with('\\');
    if (of_psql && !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) {
      throw Error(Reason::History, "only psql can run this line of the baseline",
                  "Give the output of pg_dump --schema-only --exclude-table=alembic_version.",
                  {file, number, 1});
    }
    if (!of_psql) result += line;
    result += '\n';
  }
  return result;
}

/// Where the first word is, after blanks and comments to the end of the line.
std::size_t first_word(const std::string& sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    if (std::isspace(static_cast<unsigned char>(sql[at])) != 0) {
      ++at;
    } else if (sql.compare(at, 2, "--") == 0) {
      at = std::min(sql.find('\n', at), sql.size());
    } else {
      break;
    }
  }
  return at;
}

/// What a dump sets for its session must not hold for the migrations after it.
std::string for_its_own_transaction(std::string sql) {
  const std::size_t at = first_word(sql);
  const std::string words = lower(sql.substr(at, 64));
  if (words.starts_with("set ") && !words.starts_with("set local ")) sql.insert(at + 4, "LOCAL ");
  constexpr std::string_view search_path = "select pg_catalog.set_config('search_path', '', false)";
  if (words.starts_with(search_path)) {
    sql.replace(at + search_path.size() - std::string_view("false)").size(), 5, "true");
  }
  return sql;
}

class BaselinedHistory : public History {
 public:
  BaselinedHistory(std::unique_ptr<History> history, std::string file)
      : history_(std::move(history)), file_(std::move(file)) {
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

  std::string tool() const override { return history_->tool(); }
  std::size_t size() const override { return history_->size(); }
  std::vector<std::string> heads() const override { return history_->heads(); }
  const VersionTable& version_table() const override { return history_->version_table(); }
  std::vector<std::string> roots() const override {
    std::vector<std::string> roots = history_->roots();
    roots.push_back(file_);
    return roots;
  }
  AppliedHistory applied(const std::vector<std::string>& revisions) const override {
    return based(history_->applied(revisions));
  }
  AppliedHistory all() const override { return based(history_->all()); }

 private:
  AppliedHistory based(AppliedHistory history) const {
    history.before.push_back(baseline_);
    history.digest = Digest().add("baseline").add(history.digest).add(baseline_.digest).hex();
    return history;
  }

  std::unique_ptr<History> history_;
  std::string file_;
  Migration baseline_;
};

}  // namespace

std::unique_ptr<History> with_baseline(std::unique_ptr<History> history, const std::string& file) {
  return std::make_unique<BaselinedHistory>(std::move(history), file);
}

}  // namespace driftd
