#include "daemon/commands/target.h"

#include "expected_schema/base/error.h"
#include "expected_schema/scratch/server.h"

namespace driftd {
namespace {

Live ask(const DatabaseSettings& settings, const History& history, const std::stop_token& stop) {
  Live live;
  live.asked = true;
  Session session(settings.endpoint, settings.limits, stop);
  Snapshot snapshot(session, settings.snapshot);
  const std::string owner = owner_of_version_table(snapshot, history.version_table());
  live.target = read_target(snapshot, owner);
  live.revisions =
      read_version_table(snapshot, history.version_table()).value_or(std::vector<std::string>());
  return live;
}

}  // namespace

Target plain_target(const ScratchSettings& scratch) {
  Target target;
  const std::vector<int> majors = embedded_majors(scratch);
  if (majors.empty()) {
    throw Error(Reason::Scratch, "no PostgreSQL server was found to replay the migrations on",
                "Install PostgreSQL, or name its folder with --scratch.bindir.");
  }
  target.server_major = majors.back();
  target.encoding = "UTF8";
  target.collate = target.ctype = "C";
  return target;
}

Live live_or_plain(const DatabaseSettings& settings, const History& history,
                   const std::stop_token& stop) {
  if (!settings.endpoint.conninfo.empty()) return ask(settings, history, stop);
  return {plain_target(settings.scratch), false, {}};
}

}  // namespace driftd
