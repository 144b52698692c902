#include "expected_schema/replay/command_environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "expected_schema/base/text.h"
#include "expected_schema/postgres/conninfo.h"

namespace driftd {
namespace {

// https://www.postgresql.org/docs/current/libpq-envars.html
constexpr auto names = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"host", "PGHOST"},
    {"hostaddr", "PGHOSTADDR"},
    {"port", "PGPORT"},
    {"dbname", "PGDATABASE"},
    {"user", "PGUSER"},
    {"password", "PGPASSWORD"},
    {"passfile", "PGPASSFILE"},
    {"options", "PGOPTIONS"},
    {"sslmode", "PGSSLMODE"},
    {"sslrootcert", "PGSSLROOTCERT"},
    {"sslcert", "PGSSLCERT"},
    {"sslkey", "PGSSLKEY"},
    {"channel_binding", "PGCHANNELBINDING"},
    {"gssencmode", "PGGSSENCMODE"},
    {"connect_timeout", "PGCONNECT_TIMEOUT"},
});

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return result;
}

/// A slash would end a name before the path of the URL.
std::string encoded_name(std::string_view text) {
  std::string result;
  for (const char c : percent_encoded(text)) result += c == '/' ? "%2F" : std::string(1, c);
  return result;
}

/// What programs and the runtimes of languages need, and no application keeps an address in.
bool is_harmless(std::string_view name) {
  constexpr auto whole = std::to_array<std::string_view>({"PATH",
                                                          "HOME",
                                                          "USER",
                                                          "LOGNAME",
                                                          "SHELL",
                                                          "TERM",
                                                          "LANG",
                                                          "LANGUAGE",
                                                          "TZ",
                                                          "TMPDIR",
                                                          "VIRTUAL_ENV",
                                                          "PYTHONPATH",
                                                          "PYTHONHOME",
                                                          "PYTHONUTF8",
                                                          "PYTHONDONTWRITEBYTECODE",
                                                          "PYTHONUNBUFFERED",
                                                          "NODE_PATH",
                                                          "GEM_HOME",
                                                          "GEM_PATH",
                                                          "BUNDLE_GEMFILE",
                                                          "BUNDLE_PATH",
                                                          "JAVA_HOME",
                                                          "GOPATH",
                                                          "GOROOT",
                                                          "LD_LIBRARY_PATH",
                                                          "SSL_CERT_FILE",
                                                          "SSL_CERT_DIR"});
  return name.starts_with("LC_") || std::ranges::find(whole, name) != whole.end();
}

/// A word of libpq's `options`, which are those of a command line.
std::string escaped_word(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' || c == '\\' || c == '\t' || c == '\n') result += '\\';
    result += c;
  }
  return result;
}

/// What the scratch server's conninfo leaves open, libpq takes from driftd's environment. A
/// password that stands there is meant for a server that stands there.
void take_from_environment(std::map<std::string, std::string>& options) {
  const bool named = options.contains("host") || options.contains("hostaddr");
  for (const auto& [option, variable] : names) {
    if (option == "options" || (named && option == "password")) continue;
    const char* value =
        std::getenv(std::string(variable).c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr && *value != '\0') options.try_emplace(std::string(option), value);
  }
}

std::map<std::string, std::string> without_databases(
    const std::map<std::string, std::string>& declared) {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_harmless(text.substr(0, equals))) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : declared) variables.insert_or_assign(name, value);
  // A file in the home folder may know other databases.
  for (const char* name : {"PGPASSFILE", "PGSERVICEFILE"}) {
    variables.insert_or_assign(name, "/dev/null");
  }
  return variables;
}

std::vector<std::string> as_list(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> list;
  for (const auto& [name, value] : variables) list.push_back(name + "=" + value);
  return list;
}

}  // namespace

std::vector<std::string> plain_environment(const std::map<std::string, std::string>& declared) {
  return as_list(without_databases(declared));
}

std::string database_url(const std::map<std::string, std::string>& options) {
  const auto value = [&](const std::string& name) {
    const auto found = options.find(name);
    return found == options.end() ? std::string() : found->second;
  };
  const std::string host = value("host");
  const std::string port = value("port");
  // Only one host, and no folder, has its place before the path.
  const bool in_front = host.find_first_of("/,@") == std::string::npos && !host.empty();
  std::string url = "postgresql://" + encoded_name(value("user"));
  if (!value("password").empty()) url += ":" + encoded_name(value("password"));
  url += "@";
  if (in_front) {
    url += host.find(':') == std::string::npos ? encoded_name(host) : "[" + host + "]";
    if (!port.empty()) url += ":" + port;
  }
  url += "/" + encoded_name(value("dbname"));
  char separator = '?';
  for (const auto& [name, text] : options) {
    const bool told = name == "user" || name == "password" || name == "dbname" ||
                      (in_front && (name == "host" || name == "port"));
    if (told || text.empty() || (name == "port" && text == "5432")) continue;
    url += separator + name + "=" + percent_encoded(text);
    separator = '&';
  }
  return url;
}

CommandEnvironment environment_for(const ScratchDatabase& database,
                                   const std::map<std::string, std::string>& declared) {
  std::map<std::string, std::string> options = parse_conninfo(database.owner().conninfo);
  for (const char* ours : {"client_encoding", "application_name", "fallback_application_name"}) {
    options.erase(ours);
  }
  if (database.logs_in_as_owner()) {
    // Drivers that are not libpq know little more than where and who.
    for (const char* without_effect : {"options", "sslmode", "gssencmode"}) {
      options.erase(without_effect);
    }
  } else {
    take_from_environment(options);
    for (const auto& [name, value] : database.target().settings) {
      options["options"] += fmt::format(" -c {}={}", name, escaped_word(value));
    }
  }
  std::map<std::string, std::string> variables = without_databases(declared);
  for (const auto& [option, variable] : names) {
    const auto found = options.find(std::string(option));
    if (found != options.end()) variables.insert_or_assign(std::string(variable), found->second);
  }
  variables.insert_or_assign("DATABASE_URL", database_url(options));

  CommandEnvironment result;
  result.variables = as_list(variables);
  if (const auto password = options.find("password"); password != options.end()) {
    result.password = password->second;
  }
  return result;
}

}  // namespace driftd
