#include "daemon/watch/explainer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "daemon/watch/causes.h"

namespace driftd {
namespace {

using std::chrono::system_clock;

/// There is nothing to do between two questions.
constexpr std::chrono::hours seldom{1};

struct Question {
  std::string key;
  std::shared_ptr<const Report> report;
  std::shared_ptr<const AppliedHistory> applied;
  std::shared_ptr<const ExpectedSchema> expected;
  std::shared_ptr<const Actual> actual;
  Target target;
  std::string history_key;
  std::string files;
  std::function<void()> tell;
  std::shared_ptr<const HalfRunDatabase> half_run;  // null: it is about findings
};

}  // namespace

struct Explainer::Storage {
  Storage(const DatabaseSettings& s, Crew& crew) : settings(s), schemas(crew.schemas(s.scratch)) {
    memory.history = HistoryCache(crew.history(s.history));
  }

  void turn(const std::stop_token& stop);
  Answer answer(Question& question, const std::stop_token& stop);

  const DatabaseSettings settings;
  const std::shared_ptr<ExpectedSchemas> schemas;
  LookMemory memory;  // of the turns alone

  std::mutex mutex;
  std::optional<Question> question;
  std::optional<Answer> answered;

  std::unique_ptr<Workers::Task> task;  // last: it ends before what it uses
};

Explainer::Answer Explainer::Storage::answer(Question& asked, const std::stop_token& stop) {
  if (asked.half_run) {
    return {asked.key, nullptr, false, name_half_run(*asked.half_run, settings, *schemas, stop)};
  }
  memory.applied = std::move(asked.applied);
  memory.expected = std::move(asked.expected);
  memory.target = std::move(asked.target);
  memory.history_key = std::move(asked.history_key);
  memory.files = std::move(asked.files);
  memory.causes.actual = std::move(asked.actual);
  Answer result{asked.key, nullptr, false, {}};
  if (auto traced = trace(*asked.report, settings, *schemas, memory, stop)) {
    result.report = std::make_shared<const Report>(*std::move(traced));
  }
  const Report& report = result.report ? *result.report : *asked.report;
  if (auto named = name_causes(report, settings, *schemas, memory, system_clock::now(), stop)) {
    result.report = std::make_shared<const Report>(*std::move(named));
  }
  result.failed = memory.causes.failed != Time{};
  memory.causes.actual.reset();
  return result;
}

void Explainer::Storage::turn(const std::stop_token& stop) {
  std::optional<Question> asked;
  {
    const std::lock_guard lock(mutex);
    asked = std::exchange(question, std::nullopt);
  }
  if (!asked) return;
  Answer result = answer(*asked, stop);
  if (stop.stop_requested()) return;
  {
    const std::lock_guard lock(mutex);
    answered = std::move(result);
  }
  asked->tell();
}

Explainer::Explainer(const DatabaseSettings& settings, Crew& crew)
    : storage_(std::make_unique<Storage>(settings, crew)) {
  storage_->task = crew.explanations.add(
      {},
      [s = storage_.get()](const Workers::Turn& turn) {
        s->turn(turn.stop);
        return Workers::Next{seldom};
      },
      seldom);
}

Explainer::~Explainer() = default;

std::string Explainer::key_of(const Report& report, const LookMemory& memory) {
  return key_of_causes(report, memory.history_key);
}

void Explainer::ask(const LookMemory& memory, std::function<void()> tell) {
  Question asked;
  asked.key = key_of(*memory.last_good, memory);
  asked.report = memory.last_good;
  asked.applied = memory.applied;
  asked.expected = memory.expected;
  asked.actual = memory.causes.actual;
  asked.target = memory.target;
  asked.history_key = memory.history_key;
  asked.files = memory.files;
  asked.tell = std::move(tell);
  {
    const std::lock_guard lock(storage_->mutex);
    storage_->question.emplace(std::move(asked));
  }
  storage_->task->soon();
}

void Explainer::ask_half_run(const LookMemory& memory, std::function<void()> tell) {
  Question asked;
  asked.key = memory.half_run.key;
  asked.half_run = memory.half_run.database;
  asked.tell = std::move(tell);
  {
    const std::lock_guard lock(storage_->mutex);
    storage_->question.emplace(std::move(asked));
  }
  storage_->task->soon();
}

std::optional<Explainer::Answer> Explainer::take() {
  const std::lock_guard lock(storage_->mutex);
  return std::exchange(storage_->answered, std::nullopt);
}

void Explainer::request_stop() {
  storage_->task->request_stop();
}

Report explained(const Report& report, const Report& answer) {
  Report result = report;
  std::map<std::string_view, const Finding*> told;
  for (const Finding& finding : answer.findings) told.emplace(finding.fingerprint, &finding);
  for (Finding& finding : result.findings) {
    const auto known = told.find(finding.fingerprint);
    if (known == told.end() || known->second->drift != finding.drift) continue;
    finding.provenance = known->second->provenance;
    finding.set_by = known->second->set_by;
    finding.cause = known->second->cause;
  }
  result.causes = answer.causes;
  for (const std::string& note : answer.notes) {
    if (std::ranges::find(result.notes, note) == result.notes.end()) result.notes.push_back(note);
  }
  return result;
}

}  // namespace driftd
