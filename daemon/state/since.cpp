#include "daemon/state/since.h"

#include <algorithm>
#include <utility>

#include "expected_schema/base/text.h"

namespace driftd::state {
namespace {

std::int64_t milliseconds(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time time_of(const std::string& text) {
  return Time{} + std::chrono::milliseconds(std::stoll(text));
}

std::vector<std::string> revisions_of(const Report& report) {
  return report.history ? report.history->database_revisions : std::vector<std::string>();
}

}  // namespace

SinceTable::SinceTable(std::string database, Comparison comparison)
    : database_(std::move(database)), comparison_(name_of(comparison)) {}

std::optional<Report> SinceTable::newest(Database& file) const {
  const auto rows = file.query(
      "SELECT at, revisions, fingerprint, expected FROM good_look WHERE database = ?1 AND "
      "comparison = ?2",
      {database_, comparison_});
  if (rows.empty()) return std::nullopt;
  const Database::Row& row = rows.front();
  Report look;
  look.looked = time_of(row[0]);
  look.history.emplace();
  if (!row[1].empty()) look.history->database_revisions = split(row[1], '\n');
  look.fingerprint = row[2];
  look.expected_digest = row[3];
  return look;
}

std::map<std::string, Since> SinceTable::read(Database& file) const {
  std::map<std::string, Since> all;
  for (const Database::Row& row :
       file.query("SELECT fingerprint, agreed, committed, same_revisions, same_catalogue, "
                  "same_expected FROM since WHERE database = ?1 AND comparison = ?2",
                  {database_, comparison_})) {
    all[row[0]] = {time_of(row[1]), time_of(row[2]), row[3] == "1", row[4] == "1", row[5] == "1"};
  }
  return all;
}

void SinceTable::write(Database& file, const Report& report) const {
  file.run("DELETE FROM since WHERE database = ?1 AND comparison = ?2", {database_, comparison_});
  const auto add = [&](const Finding& finding) {
    const Since& since = finding.since;
    file.run("INSERT OR REPLACE INTO since VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
             {database_, comparison_, finding.fingerprint, milliseconds(since.agreed),
              milliseconds(since.committed), std::int64_t{since.same_revisions},
              std::int64_t{since.same_catalogue}, std::int64_t{since.same_expected}});
  };
  for (const Finding& finding : report.findings) add(finding);
  for (const Waived& one : report.waived) add(one.finding);
}

void SinceTable::write_look(Database& file, const Report& report) const {
  file.run(
      "INSERT OR REPLACE INTO good_look VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      {database_, comparison_, milliseconds(report.looked),
       valid_utf8(join(revisions_of(report), "\n")), report.fingerprint, report.expected_digest});
}

}  // namespace driftd::state
