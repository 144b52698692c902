#include "daemon/commands/transitions.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

Event unknown_event(const Published& published) {
  const Unknown& unknown = *published.unknown;
  return {.level = log::Level::Warn,
          .message = "cannot tell",
          .fields = {{"datname", published.name},
                     {"stage", unknown.stage},
                     {"reason", std::string(name_of(unknown.reason))},
                     {"place", to_string(unknown.place)},
                     {"cause", unknown.cause ? std::string(name_of(unknown.cause->cause)) : ""},
                     {"error", unknown.message},
                     {"hint", unknown.hint}}};
}

Event finding_event(const Published& published, const Finding& finding) {
  Event event{.level = log::Level::Warn,
              .message = "drift",
              .fields = {{"datname", published.name},
                         {"impact", std::string(name_of(finding.impact))},
                         {"drift", std::string(name_of(finding.drift.kind))},
                         {"kind", std::string(finding.drift.object.kind)},
                         {"object", std::string(finding.drift.object.identity)},
                         {"consequence", finding.consequence},
                         {"fingerprint", finding.fingerprint}}};
  if (!finding.tenants.empty()) {
    event.fields.emplace_back("tenants", tenants_words(finding));
  }
  if (finding.provenance) event.fields.emplace_back("revision", finding.provenance->revision);
  if (finding.changed_by) {
    const ChangedBy& by = *finding.changed_by;
    event.fields.emplace_back("changed_by", by.login_role);
    event.fields.emplace_back("application", by.application);
    event.fields.emplace_back("client", by.client);
    event.fields.emplace_back("command", by.tag);
    event.fields.emplace_back("statement", by.statement.value_or(""));
  }
  const auto moment = [&](const char* name, Time time) {
    if (time != Time{}) event.fields.emplace_back(name, rfc3339(time));
  };
  moment("since", finding.since.committed);
  moment("last_agreed", finding.since.agreed);
  if (const std::string fate = fate_words(finding); !fate.empty()) {
    event.fields.emplace_back("object_id", fate);
  }
  return event;
}

Event unknown_tenants_event(const Published& published, const UnknownTenants& group) {
  const Unknown& unknown = *group.unknown;
  return {.level = log::Level::Warn,
          .message = "cannot tell of tenants",
          .fields = {{"datname", published.name},
                     {"tenants", few_of(group.schemas)},
                     {"count", std::to_string(group.schemas.size())},
                     {"stage", unknown.stage},
                     {"reason", std::string(name_of(unknown.reason))},
                     {"place", to_string(unknown.place)},
                     {"error", unknown.message},
                     {"hint", unknown.hint}}};
}

Event undetermined_event(const Published& published, const Unread& part) {
  return {.level = log::Level::Warn,
          .message = "the migrations leave an object open",
          .fields = {{"datname", published.name},
                     {"object", part.object},
                     {"place", to_string(part.place)},
                     {"error", part.message},
                     {"hint", part.hint}}};
}

/// It takes longer to tell than the drift itself, so that it has a line of its own.
Event cause_event(const Published& published, const CauseGroup& group) {
  const bool shared = is_shared(group.cause->cause);
  return {.level = shared ? log::Level::Warn : log::Level::Info,
          .message = "cause",
          .fields = {{"datname", published.name},
                     {"cause", std::string(name_of(group.cause->cause))},
                     {"findings", std::to_string(group.findings.size())},
                     {"revisions", join(group.cause->revisions, ",")},
                     {"place", to_string(group.cause->place)},
                     {"detail", group.cause->sentence}}};
}

}  // namespace

std::vector<Event> Transitions::next(const Published& published) {
  std::vector<Event> events = events_of(published);
  if (comparison_ == Comparison::Models) {
    for (Event& event : events) {
      event.fields.insert(event.fields.begin() + 1,
                          {"comparison", std::string(name_of(comparison_))});
    }
  }
  return events;
}

std::vector<Event> Transitions::events_of(const Published& published) {
  std::vector<Event> events;
  const std::string unknown =
      published.unknown
          ? fmt::format("{}\n{}\n{}\n{}", published.unknown->stage,
                        name_of(published.unknown->reason), to_string(published.unknown->place),
                        published.unknown->message)
          : std::string();
  if (unknown != unknown_ && published.unknown) events.push_back(unknown_event(published));
  unknown_ = unknown;

  // While nobody can tell, what was confirmed stands.
  if (published.last_good && !published.unknown) {
    std::map<std::string, std::string> now;
    for (const Finding& finding : published.last_good->findings) {
      if (finding.state != FindingState::Confirmed) continue;
      now[finding.fingerprint] = std::string(finding.drift.object.identity);
      if (!confirmed_.contains(finding.fingerprint)) {
        events.push_back(finding_event(published, finding));
      }
    }
    for (const auto& [fingerprint, object] : confirmed_) {
      const auto& findings = published.last_good->findings;
      const bool still = std::any_of(findings.begin(), findings.end(), [&](const Finding& f) {
        return f.fingerprint == fingerprint;
      });
      const auto& waived = published.last_good->waived;
      const auto waiver = std::find_if(waived.begin(), waived.end(), [&](const Waived& one) {
        return one.finding.fingerprint == fingerprint;
      });
      if (!still && waiver != waived.end()) {
        events.push_back({.level = log::Level::Info,
                          .message = "waived",
                          .fields = {{"datname", published.name},
                                     {"object", object},
                                     {"by", waiver->waiver.by},
                                     {"reason", waiver->waiver.reason},
                                     {"until", waiver->waiver.last_day},
                                     {"fingerprint", fingerprint}}});
        continue;
      }
      if (still) continue;
      events.push_back(
          {.level = log::Level::Info,
           .message = "resolved",
           .fields = {
               {"datname", published.name}, {"object", object}, {"fingerprint", fingerprint}}});
    }
    confirmed_ = std::move(now);
    std::set<std::string> unknown_ones;
    for (const UnknownTenants& group : unknown_tenants(*published.last_good)) {
      const bool fresh = std::ranges::any_of(group.schemas, [&](const std::string& schema) {
        return !unknown_tenants_.contains(schema);
      });
      unknown_ones.insert(group.schemas.begin(), group.schemas.end());
      if (fresh) events.push_back(unknown_tenants_event(published, group));
    }
    unknown_tenants_ = std::move(unknown_ones);
    std::set<std::string> undetermined;
    for (const Unread& part : published.last_good->unread) {
      if (part.object.empty()) continue;
      undetermined.insert(part.object);
      if (!undetermined_.contains(part.object)) {
        events.push_back(undetermined_event(published, part));
      }
    }
    undetermined_ = std::move(undetermined);
    std::set<std::string> causes;
    for (const CauseGroup& group : by_cause(*published.last_good)) {
      const bool counts = std::ranges::any_of(
          group.findings, [](const Finding* one) { return one->state == FindingState::Confirmed; });
      if (group.cause == nullptr || !counts) continue;
      const std::string named =
          fmt::format("{} {}", name_of(group.cause->cause), group.cause->sentence);
      causes.insert(named);
      if (!causes_.contains(named)) events.push_back(cause_event(published, group));
    }
    causes_ = std::move(causes);
  }

  const bool deploying = published.deployment.has_value();
  if (deploying != deploying_) {
    events.push_back({.level = log::Level::Info,
                      .message = deploying ? "a deployment seems to be in progress"
                                           : "no deployment seems to be in progress any more",
                      .fields = {{"datname", published.name}}});
    if (deploying) {
      events.back().fields.emplace_back("signs", join(published.deployment->signs, "; "));
    }
    deploying_ = deploying;
  }

  const std::string problem = published.state_problem.value_or("");
  if (problem != state_problem_) {
    const bool bad = !problem.empty();
    events.push_back(
        {.level = bad ? log::Level::Error : log::Level::Info,
         .message = bad ? "what happens is not remembered" : "what happens is remembered again",
         .fields = {{"datname", published.name}, {"error", problem}}});
    state_problem_ = problem;
  }

  if (published.listening_problem && published.listening_problem != listening_problem_) {
    const std::string& why = *published.listening_problem;
    events.push_back(
        {.level = why.empty() ? log::Level::Info : log::Level::Warn,
         .message = why.empty() ? "listening to the DDL log" : "the DDL log is not listened to",
         .fields = {{"datname", published.name}, {"error", why}}});
    listening_problem_ = why;
  }

  const Status status = published.status();
  if (status_ != status && published.looks > 0) {
    const std::string before = status_ ? std::string(name_of(*status_)) : std::string();
    status_ = status;
    events.push_back({.level = log::Level::Info,
                      .message = "the status changed",
                      .fields = {{"datname", published.name},
                                 {"status", std::string(name_of(status))},
                                 {"before", before}}});
  }
  events.push_back({.level = log::Level::Debug,
                    .message = "looked",
                    .fields = {{"datname", published.name},
                               {"status", std::string(name_of(status))},
                               {"looks", std::to_string(published.looks)},
                               {"full_reads", std::to_string(published.full_reads)}}});
  return events;
}

}  // namespace driftd
