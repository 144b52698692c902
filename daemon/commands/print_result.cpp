#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "daemon/commands/carry_out.h"
#include "daemon/http/build_info.h"
#include "daemon/publish/in_review.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"

namespace driftd {
namespace {

/// Drift that is certain outweighs another database that could not be looked at.
int exit_code(const AllPublished& all, Impact fail_on) {
  bool unknown = false;
  for (const auto& published : all) {
    if (published->status() == Status::Unknown) {
      unknown = true;
    } else if (published->last_good) {
      unknown = unknown || !published->last_good->unread.empty() ||
                !unknown_tenants(*published->last_good).empty();
      const auto& findings = published->last_good->findings;
      if (std::any_of(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.impact >= fail_on; })) {
        return 2;
      }
    }
  }
  return unknown ? 1 : 0;
}

bool wants_colour(const CommandLine& command_line) {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return std::string_view(value == nullptr ? "" : value);
  };
  return !command_line.no_color && variable("NO_COLOR").empty() && variable("TERM") != "dumb" &&
         ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

TerminalStyle terminal_style(const CommandLine& command_line) {
  return {.colour = wants_colour(command_line)};
}

int print(const AllPublished& all, const CommandLine& command_line) {
  switch (command_line.format) {
    case Format::Json:
      fmt::print("{}", all.size() == 1 ? json_text(*all.front()) : json_text(all));
      break;
    case Format::Github:
      fmt::print("{}", github_text(remarks_of(all, std::filesystem::current_path().string())));
      break;
    case Format::Sarif:
      fmt::print("{}", sarif_text(remarks_of(all, std::filesystem::current_path().string()),
                                  build_info().version));
      break;
    case Format::Human: {
      const TerminalStyle style = terminal_style(command_line);
      for (const auto& published : all) fmt::print("{}", terminal_text(*published, style));
      break;
    }
  }
  return exit_code(all, command_line.fail_on);
}

}  // namespace driftd
