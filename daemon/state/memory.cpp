#include "daemon/state/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/state/database.h"
#include "daemon/state/who.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd::state {
namespace {

constexpr std::chrono::minutes again{1};
/// Of all databases together; the oldest go.
constexpr int most_events = 100'000;

std::int64_t milliseconds(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time time_of(const std::string& text) {
  return Time{} + std::chrono::milliseconds(std::stoll(text));
}

/// The same drift has the same values.
std::string values_of(const Drift& drift) {
  Digest digest;
  for (const auto* list : {&drift.differences, &drift.properties}) {
    for (const Difference& one : *list) {
      digest.add(one.property).add(one.expected.value_or("-")).add(one.actual.value_or("-"));
    }
  }
  return digest.hex();
}

std::string detail_of(const Finding& finding) {
  std::string text = finding.consequence;
  for (const Difference& one : finding.drift.differences) {
    text += fmt::format("; {}: {} -> {}", one.property, one.expected.value_or("none"),
                        one.actual.value_or("none"));
  }
  return valid_utf8(text);
}

/// `by ines with psql: ALTER TABLE users ...`, empty where it is not known.
std::string who_of(const Finding& finding) {
  if (!finding.changed_by) return {};
  const ChangedBy& by = *finding.changed_by;
  return valid_utf8(fmt::format("{}: {}", who_words(by), trim(by.statement.value_or(by.tag))));
}

/// What is noted of one finding.
struct Noted {
  const Finding* finding;
  std::string state;
  std::string detail;
};

std::map<std::string, Noted> noted(const Report& report) {
  std::map<std::string, Noted> all;
  for (const Finding& finding : report.findings) {
    if (finding.state != FindingState::Confirmed) continue;
    all.emplace(finding.fingerprint, Noted{&finding, "confirmed", detail_of(finding)});
  }
  for (const Waived& one : report.waived) {
    if (one.finding.state != FindingState::Confirmed) continue;
    all.emplace(one.finding.fingerprint,
                Noted{&one.finding, "waived",
                      valid_utf8(fmt::format("{}, says {}, until {}", one.waiver.reason,
                                             one.waiver.by, one.waiver.last_day))});
  }
  return all;
}

std::string key_of(const std::map<std::string, Noted>& all) {
  Digest digest;
  for (const auto& [fingerprint, one] : all) {
    digest.add(fingerprint).add(one.state).add(values_of(one.finding->drift));
    digest.add(one.finding->changed_by ? "who" : "");
  }
  return digest.hex();
}

}  // namespace

Memory::Memory(std::string path, std::string database, Comparison comparison)
    : path_(std::move(path)),
      database_(std::move(database)),
      comparison_(comparison),
      since_(database_, comparison) {}

Memory::~Memory() = default;

template <typename Work>
void Memory::with_file(Time now, Work work) {
  if (path_.empty()) return;
  if (!problem_.empty() && now >= failed_ && now - failed_ < again) return;
  try {
    if (!file_) file_ = std::make_unique<Database>(path_, Database::Mode::ReadWrite);
    work(*file_);
    problem_.clear();
  } catch (const std::exception& error) {
    file_.reset();
    failed_ = now;
    problem_ = error.what();
    recorded_.clear();
  }
}

bool Memory::restore(Report& report) {
  if (restored_) return false;
  bool changed = false;
  with_file(report.looked, [&](Database& file) {
    restored_ = true;
    std::map<std::string, Database::Row> before;
    for (Database::Row& row : file.query(
             "SELECT fingerprint, \"values\", first_seen FROM finding WHERE database = ?1 AND "
             "comparison = ?2",
             {database_, std::string(name_of(comparison_))})) {
      before.emplace(row.front(), std::move(row));
    }
    const auto who = read_who(file, database_, std::string(name_of(comparison_)));
    const std::map<std::string, Since> since = since_.read(file);
    const auto newest = since_.newest(file);
    for (Finding& finding : report.findings) {
      const auto known = before.find(finding.fingerprint);
      if (known == before.end()) {
        if (!newest || newest->looked > report.looked) continue;
        const Time committed = finding.since.committed;
        finding.since = since_of(*newest, report);
        if (committed >= newest->looked) finding.since.committed = committed;
        changed = true;
        continue;
      }
      if (const auto told = since.find(finding.fingerprint); told != since.end()) {
        finding.since = told->second;
      }
      finding.first_seen = time_of(known->second[2]);
      if (known->second[1] == values_of(finding.drift)) {
        finding.state = FindingState::Confirmed;
        const auto by = who.find(finding.fingerprint);
        if (by != who.end()) finding.changed_by = by->second;
      }
      changed = true;
    }
  });
  return changed;
}

void Memory::record(const Report& report, Time now) {
  const std::map<std::string, Noted> all = noted(report);
  const std::string key = key_of(all);
  if (unknown_ != "") {
    if (unknown_) record_unknown({}, now);
    unknown_ = "";
  }
  note_look(report, now);
  if (key == recorded_) return;
  const std::string comparison(name_of(comparison_));
  with_file(now, [&](Database& file) {
    file.together([&] {
      const auto event = [&](const std::string& what, const Database::Row& finding,
                             const std::string& detail, const std::string& by = {}) {
        file.run(
            "INSERT INTO event (database, comparison, at, event, fingerprint, kind, object, drift, "
            "impact, detail, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            {database_, comparison, milliseconds(now), what, finding[0], finding[3], finding[4],
             finding[5], finding[6], detail, by});
      };
      std::map<std::string, Database::Row> before;
      for (Database::Row& row :
           file.query("SELECT fingerprint, state, \"values\", kind, object, drift, impact FROM "
                      "finding WHERE database = ?1 AND comparison = ?2",
                      {database_, comparison})) {
        before.emplace(row.front(), std::move(row));
      }
      for (const auto& [fingerprint, one] : all) {
        const Finding& finding = *one.finding;
        const Database::Row row{fingerprint,
                                one.state,
                                values_of(finding.drift),
                                valid_utf8(finding.drift.object.kind),
                                valid_utf8(finding.drift.object.identity),
                                std::string(name_of(finding.drift.kind)),
                                std::string(name_of(finding.impact))};
        const std::string by = who_of(finding);
        const auto known = before.find(fingerprint);
        const bool fresh = known == before.end();
        if (fresh || known->second[1] != one.state) {
          event(one.state == "waived" ? "waived"
                : fresh               ? "appeared"
                                      : "no longer waived",
                row, one.detail, by);
        } else if (known->second[2] != row[2]) {
          event("changed", row, one.detail, by);
        }
        file.run(
            "INSERT OR REPLACE INTO finding (database, comparison, fingerprint, state, "
            "\"values\", first_seen, kind, object, drift, impact) VALUES (?1, ?2, ?3, ?4, ?5, "
            "?6, ?7, ?8, ?9, ?10)",
            {database_, comparison, fingerprint, one.state, row[2],
             milliseconds(finding.first_seen), row[3], row[4], row[5], row[6]});
        write_who(file, database_, comparison, fingerprint, finding.changed_by);
      }
      for (const auto& [fingerprint, row] : before) {
        if (all.contains(fingerprint)) continue;
        // A finding that is seen again and not confirmed is not gone.
        const bool seen = std::ranges::any_of(report.findings, [&](const Finding& finding) {
          return finding.fingerprint == fingerprint;
        });
        if (seen) continue;
        event("resolved", row, {});
        write_who(file, database_, comparison, fingerprint, std::nullopt);
        file.run("DELETE FROM finding WHERE database = ?1 AND comparison = ?2 AND fingerprint = ?3",
                 {database_, comparison, fingerprint});
      }
      since_.write(file, report);
      file.run("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?1",
               {std::int64_t{most_events}});
    });
    recorded_ = key;
  });
}

/// A finding that is only seen is in no table, and must not be taken for one that came later.
void Memory::note_look(const Report& report, Time now) {
  if (report.confirmed() < report.findings.size()) return;
  const bool all = std::ranges::all_of(report.waived, [](const Waived& one) {
    return one.finding.state == FindingState::Confirmed;
  });
  if (!all) return;
  if (now >= look_noted_ && now - look_noted_ < again) return;
  with_file(now, [&](Database& file) {
    since_.write_look(file, report);
    look_noted_ = now;
  });
}

void Memory::record_unknown(const std::string& message, Time now) {
  if (unknown_ == message) return;
  with_file(now, [&](Database& file) {
    file.run(
        "INSERT INTO event (database, comparison, at, event, fingerprint, kind, object, drift, "
        "impact, detail) VALUES (?1, ?2, ?3, ?4, '', '', '', '', '', ?5)",
        {database_, std::string(name_of(comparison_)), milliseconds(now),
         std::string(message.empty() ? "known again" : "unknown"), valid_utf8(message)});
    unknown_ = message;
  });
}

std::map<std::string, std::string> Memory::applied() {
  std::map<std::string, std::string> digests;
  with_file(std::chrono::system_clock::now(), [&](Database& file) {
    for (const Database::Row& row :
         file.query("SELECT revision, digest FROM applied WHERE database = ?1", {database_})) {
      digests.emplace(row[0], row[1]);
    }
    applied_ = digests;
  });
  return digests;
}

void Memory::set_applied(const std::map<std::string, std::string>& digests) {
  if (digests == applied_) return;
  with_file(std::chrono::system_clock::now(), [&](Database& file) {
    file.together([&] {
      file.run("DELETE FROM applied WHERE database = ?1", {database_});
      for (const auto& [revision, digest] : digests) {
        file.run("INSERT INTO applied (database, revision, digest) VALUES (?1, ?2, ?3)",
                 {database_, valid_utf8(revision), digest});
      }
    });
    applied_ = digests;
  });
}

}  // namespace driftd::state
