#include "expected_schema/postgres/endpoint.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/postgres/conninfo.h"

namespace driftd {
namespace {
using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::map<std::string, std::string> set_options(const PQconninfoOption* option) {
  std::map<std::string, std::string> set;
  for (; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') set.emplace(option->keyword, option->val);
  }
  return set;
}

/// libpq quotes the offending piece of the conninfo, which may be a part of the password.
std::string without_quoted_pieces(std::string_view message) {
  std::string text;
  std::string piece;
  bool inside = false;
  for (const char c : trim(message)) {
    if (c == '"') {
      text += inside ? (piece.size() > 1 ? "...\"" : piece + "\"") : "\"";
      piece.clear();
      inside = !inside;
    } else {
      (inside ? piece : text) += c;
    }
  }
  return text;
}

/// What libpq would use: the endpoint's own options over environment, service file and defaults.
std::map<std::string, std::string> effective_options(const Endpoint& endpoint) {
  auto options = parse_conninfo(libpq_conninfo(endpoint.conninfo));
  const Options defaults(PQconndefaults(), &PQconninfoFree);
  options.merge(set_options(defaults.get()));
  return options;
}

std::string server_of(std::map<std::string, std::string>& options) {
  std::string host = options["host"];
  if (host.empty()) host = options["hostaddr"];
  if (host.empty()) host = "[local]";
  return fmt::format("{}:{}", host, options["port"]);
}
}  // namespace

std::map<std::string, std::string> parse_conninfo(const std::string& conninfo) {
  char* message = nullptr;
  const Options options(PQconninfoParse(conninfo.c_str(), &message), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned(message, &PQfreemem);
  if (!options) {
    throw Error(Reason::Settings,
                "libpq cannot parse the connection string: " +
                    without_quoted_pieces(message != nullptr ? message : "out of memory"),
                "Write a URI as postgresql://user@host:5432/database, or keywords as "
                "host=... dbname=... user=...; quote special characters as the PostgreSQL manual "
                "says in \"Connection Strings\".");
  }
  return set_options(options.get());
}

std::string libpq_conninfo(const std::string& text) {
  std::string conninfo(trim(text));
  const auto end = conninfo.find("://");
  // A password may hold "://": only what looks like a scheme is one.
  if (end != std::string::npos && conninfo.find_first_of("= \t'") > end) {
    const std::string scheme = lower(conninfo.substr(0, end));
    const std::string database = scheme.substr(0, scheme.find('+'));
    if (database != "postgresql" && database != "postgres") {
      throw Error(Reason::Settings,
                  fmt::format("a {}:// URL is not of a PostgreSQL database", scheme),
                  database == "jdbc:postgresql"
                      ? "Drop the leading \"jdbc:\" and put the user before the host."
                      : "driftd watches PostgreSQL alone; give a postgresql:// URL.");
    }
    conninfo.replace(0, end, "postgresql");
  }
  parse_conninfo(conninfo);
  return conninfo;
}

std::string describe(const Endpoint& endpoint) {
  auto options = effective_options(endpoint);
  const std::string& user = options["user"];
  std::string& database = options["dbname"];
  if (database.empty()) database = user;
  return fmt::format("{}/{} as {}", server_of(options), database, user);
}

std::string server_name(const Endpoint& endpoint) {
  auto options = effective_options(endpoint);
  return server_of(options);
}

std::string database_name(const Endpoint& endpoint) {
  auto options = effective_options(endpoint);
  const std::string& name = options["dbname"];
  return name.empty() ? options["user"] : name;
}

}  // namespace driftd
