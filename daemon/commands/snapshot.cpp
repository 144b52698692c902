#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/target.h"
#include "daemon/http/build_info.h"
#include "expected_schema/expected/expected_schema.h"

namespace driftd {
namespace {

/// All or nothing: whoever reads the file meanwhile sees the old one.
void write_whole(const std::string& path, const std::string& text) {
  const std::string beside = fmt::format("{}.{}", path, ::getpid());
  {
    std::ofstream file(beside, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
      const std::string why = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe)
      std::error_code ignored;
      std::filesystem::remove(beside, ignored);
      throw Error(Reason::Settings, fmt::format("cannot write {}: {}", path, why),
                  "Check the folder and its rights, and the space on the disk.");
    }
  }
  std::filesystem::rename(beside, path);
}

/// As seen from the folder in which the command runs, which usually is the repository's.
std::string shorter(const std::string& file) {
  std::error_code failed;
  const std::string near = std::filesystem::proximate(file, failed).string();
  return failed || near.empty() || near.starts_with("..") ? file : near;
}

}  // namespace

int snapshot(const CommandLine& command_line) {
  const DatabaseSettings settings = history_settings(command_line.overrides);
  HistorySource source = settings.history;
  source.command = {};
  source.snapshot.clear();
  if (settings.endpoint.conninfo.empty() && source.table.name.empty()) {
    source.table.name = "alembic_version";
  }
  const auto history = open_history(source);
  StoredHistory stored;
  {
    const Companion companion;
    const Live live = live_or_plain(settings, *history, companion.stop());
    ExpectedSchemas expected(settings.scratch);
    stored = expected.store(*history, live.target, settings.scope, companion.stop());
    if (companion.stop().stop_requested()) throw Error(Reason::Timeout, "interrupted");
  }
  for (auto& revision : stored.revisions) revision.file = shorter(revision.file);
  stored.written_by = "driftd " + build_info().version;
  const std::string text = to_text(stored);
  if (command_line.output == "-") {
    fmt::print("{}", text);
    return 0;
  }
  write_whole(command_line.output, text);
  fmt::print(stderr, "{}: {} revisions, {} states, PostgreSQL {}, {} bytes\n", command_line.output,
             stored.revisions.size(), stored.states.size(), stored.server_major, text.size());
  return 0;
}

}  // namespace driftd
