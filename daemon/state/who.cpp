#include "daemon/state/who.h"

#include <chrono>

#include "expected_schema/base/text.h"

namespace driftd::state {

std::map<std::string, ChangedBy> read_who(Database& file, const std::string& database,
                                          const std::string& comparison) {
  std::map<std::string, ChangedBy> all;
  for (const Database::Row& row : file.query(
           "SELECT fingerprint, at, login_role, acting_role, application, client, pid, tag, "
           "object, statement, withheld, certain, others FROM changed_by WHERE database = ?1 AND "
           "comparison = ?2",
           {database, comparison})) {
    ChangedBy by;
    by.at += std::chrono::milliseconds(std::stoll(row[1]));
    by.login_role = row[2];
    by.acting_role = row[3];
    by.application = row[4];
    by.client = row[5];
    by.pid = std::stoi(row[6]);
    by.tag = row[7];
    by.object = row[8];
    if (row[10] == "0") by.statement = row[9];
    by.certain = row[11] == "1";
    by.others = std::stoul(row[12]);
    all.emplace(row[0], std::move(by));
  }
  return all;
}

void write_who(Database& file, const std::string& database, const std::string& comparison,
               const std::string& fingerprint, const std::optional<ChangedBy>& by) {
  file.run("DELETE FROM changed_by WHERE database = ?1 AND comparison = ?2 AND fingerprint = ?3",
           {database, comparison, fingerprint});
  if (!by) return;
  const auto at = std::chrono::floor<std::chrono::milliseconds>(by->at.time_since_epoch()).count();
  file.run(
      "INSERT INTO changed_by (database, comparison, fingerprint, at, login_role, acting_role, "
      "application, client, pid, tag, object, statement, withheld, certain, others) VALUES (?1, "
      "?2, "
      "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      {database, comparison, fingerprint, std::int64_t{at}, valid_utf8(by->login_role),
       valid_utf8(by->acting_role), valid_utf8(by->application), valid_utf8(by->client),
       std::int64_t{by->pid}, valid_utf8(by->tag), valid_utf8(by->object),
       valid_utf8(by->statement.value_or("")), std::int64_t{by->statement ? 0 : 1},
       std::int64_t{by->certain ? 1 : 0}, static_cast<std::int64_t>(by->others)});
}

}  // namespace driftd::state
