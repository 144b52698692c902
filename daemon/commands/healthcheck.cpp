#include <fmt/format.h>

#include "daemon/commands/carry_out.h"
#include "daemon/http/server.h"
#include "daemon/settings/address.h"

namespace driftd {

int healthcheck(const CommandLine& command_line) {
  std::string where = command_line.url;
  if (where.empty()) {
    // Only the address matters here: the settings may name files that this process need not read.
    const auto& given = command_line.overrides.listen;
    if (!given.empty()) {
      where = given.front();
    } else if (!command_line.overrides.config_file.empty()) {
      where = load_settings(command_line.overrides.config_file).web.listen.at(0);
    } else {
      where = WebSettings{}.listen.front();
    }
  }
  const ListenAddress address = parse_listen_address(where);
  const bool anywhere = address.host.empty() || address.host == "0.0.0.0" || address.host == "::";
  const std::string host = anywhere ? "localhost" : address.host;
  const int status = http::get_status(host, address.port, "/-/healthy");
  if (status == 200) return 0;
  fmt::print(stderr, "driftd: {} {}\n", where,
             status == 0 ? std::string("does not answer") : fmt::format("answers {}", status));
  return 1;
}

}  // namespace driftd
