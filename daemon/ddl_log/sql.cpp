#include "daemon/ddl_log/sql.h"

#include <fmt/format.h>

#include "expected_schema/base/text.h"

namespace driftd::ddl_log {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string grants_to(const std::string& role) {
  const std::string name = quote_identifier(role);
  return fmt::format(
      "GRANT USAGE ON SCHEMA driftd TO {0};\n"
      "GRANT SELECT ON TABLE driftd.ddl_log TO {0};\n",
      name);
}

std::string install_sql(const Installation& installation) {
  std::string grants = "-- The role that driftd logs in as needs (or say --role):\n";
  if (installation.role.empty()) {
    for (const std::string& line : split(trim(grants_to("driftd")), '\n')) {
      grants += "--   " + line + "\n";
    }
  } else {
    grants = grants_to(installation.role);
  }
  std::string sql(install_template);
  replace_all(sql, "{persistence}", installation.unlogged ? "UNLOGGED " : "");
  replace_all(sql, "{grants}", grants);
  return sql;
}

std::string remove_sql() {
  return std::string(remove_template);
}

std::string_view function_body() {
  constexpr std::string_view mark = "$function$";
  const auto begin = install_template.find(mark) + mark.size();
  return install_template.substr(begin, install_template.find(mark, begin) - begin);
}

}  // namespace driftd::ddl_log
