#include "daemon/watch/attribution.h"

#include <algorithm>
#include <vector>

#include "daemon/ddl_log/attribute.h"

namespace driftd {
namespace {

constexpr int most_failures = 5;
constexpr std::string_view unread = "who changed the schema could not be read from the DDL log: ";

bool erase_note(Report& report) {
  return std::erase_if(report.notes,
                       [](const std::string& note) { return note.starts_with(unread); }) > 0;
}

}  // namespace

void Attribution::see(Snapshot& snapshot, const DatabaseSettings& settings) {
  reads_ = settings.read_ddl_log != "off";
  listens_ = settings.listen_to_ddl_log;
  seen_ = {};
  if (!reads_ && !listens_) return;
  seen_ = ddl_log::state(snapshot);
  if (settings.read_ddl_log == "required") ddl_log::require(seen_);
}

void Attribution::settle(Report& report) {
  const auto complaints = ddl_log::complaints(seen_, reads_, listens_);
  report.notes.insert(report.notes.end(), complaints.begin(), complaints.end());

  // Another cluster counts other transactions.
  if (system_ != report.server.system_identifier) before_.clear();
  system_ = report.server.system_identifier;
  const ddl_log::Window window{before_, seen_.visible};
  before_ = seen_.visible;
  std::map<std::string, ddl_log::Window> owed;
  if (seen_.there && reads_) {
    for (const Finding& finding : report.findings) {
      if (finding.changed_by) continue;
      if (finding.looks == 1) {
        owed.emplace(finding.fingerprint, window);
      } else if (const auto known = owed_.find(finding.fingerprint); known != owed_.end()) {
        owed.insert(*known);
      }
    }
  }
  owed_ = std::move(owed);
  failures_ = 0;
}

void Attribution::fill(Report& report, Snapshot& snapshot) {
  std::map<ddl_log::Window, std::vector<Finding*>> by_window;
  for (Finding& finding : report.findings) {
    const auto owed = owed_.find(finding.fingerprint);
    if (owed != owed_.end() && !finding.changed_by) by_window[owed->second].push_back(&finding);
  }
  for (const auto& [window, findings] : by_window) {
    std::vector<std::string> names;
    for (const Finding* finding : findings) {
      for (std::string& name : ddl_log::names_of(*finding)) names.push_back(std::move(name));
    }
    const std::vector<ddl_log::Entry> entries = ddl_log::read(snapshot, window, names);
    for (Finding* finding : findings) finding->changed_by = ddl_log::changed_by(*finding, entries);
  }
}

bool Attribution::ask(Report& report, KeptSession& kept, const DatabaseSettings& settings,
                      const std::stop_token& stop) {
  if (owed_.empty() || !seen_.readable || !seen_.standing) return false;
  const bool changed = erase_note(report);
  try {
    const bool there = kept.resume(settings.limits, stop).has_value();
    Session& session =
        there ? kept.session() : kept.connect(settings.endpoint, settings.limits, stop);
    {
      Snapshot snapshot(session, settings.snapshot);
      fill(report, snapshot);
    }
    if (settings.keep_connection) {
      kept.rest(settings.interval);
    } else {
      kept.close();
    }
    owed_.clear();
    return true;
  } catch (const Error& error) {
    kept.close();
    if (stop.stop_requested()) return changed;
    report.notes.push_back(std::string(unread) + error.message());
    if (++failures_ == most_failures) owed_.clear();
    return true;
  }
}

}  // namespace driftd
