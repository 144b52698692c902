#include "expected_schema/history/version_rows.h"

#include <fmt/format.h>

#include "expected_schema/base/text.h"

namespace driftd {

VersionRows::VersionRows(const VersionTable& table)
    : name_(table.schema.empty()
                ? quote_identifier(table.name)
                : quote_identifier(table.schema) + "." + quote_identifier(table.name)),
      table_(table) {}

std::vector<std::string> VersionRows::setup() const {
  std::vector<std::string> statements;
  // Alembic creates the table before the first migration runs, so its schema was there before.
  if (!table_.schema.empty()) {
    statements.push_back("CREATE SCHEMA IF NOT EXISTS " + quote_identifier(table_.schema));
  }
  statements.push_back(fmt::format(
      "CREATE TABLE {} (version_num VARCHAR(32) NOT NULL, CONSTRAINT {} PRIMARY KEY (version_num))",
      name_, quote_identifier(table_.name + "_pkc")));
  return statements;
}

std::vector<std::string> VersionRows::upgrade(const std::string& revision,
                                              const std::vector<std::string>& needs) {
  std::vector<std::string> replaced;
  for (const std::string& id : needs) {
    if (rows_.erase(id) > 0) replaced.push_back(id);
  }
  rows_.insert(revision);
  if (replaced.empty()) {
    return {
        fmt::format("INSERT INTO {} (version_num) VALUES ({})", name_, quote_literal(revision))};
  }
  std::vector<std::string> statements;
  for (std::size_t i = 0; i + 1 < replaced.size(); ++i) {
    statements.push_back(
        fmt::format("DELETE FROM {} WHERE version_num = {}", name_, quote_literal(replaced[i])));
  }
  statements.push_back(fmt::format("UPDATE {} SET version_num = {} WHERE version_num = {}", name_,
                                   quote_literal(revision), quote_literal(replaced.back())));
  return statements;
}

}  // namespace driftd
