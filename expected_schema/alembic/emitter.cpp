#include "expected_schema/alembic/emitter.h"

#include <fmt/format.h>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/base/text.h"
#include "expected_schema/sql/effect.h"

namespace driftd::alembic {

namespace {

std::string excerpt(const std::string& sql) {
  constexpr std::size_t most = 60;
  std::string line(trim(sql));
  for (char& c : line) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return line.size() <= most ? line : valid_utf8(line.substr(0, most)) + "...";
}

}  // namespace

void not_understood(const std::string& what, const Place& place, std::string hint) {
  if (hint.empty()) {
    hint = "Write it with the operations of Alembic that driftd reads, or as op.execute() of SQL.";
  }
  throw Error(Reason::NotUnderstood, what + " is not understood", std::move(hint), place);
}

const std::string* Emitter::declared_type(const std::string& name) const {
  const auto found = around_->types.find(name);
  return found == around_->types.end() ? nullptr : &found->second;
}

void Emitter::require_certain(const std::string& what) const {
  const auto why = evaluator_->uncertain();
  if (!why) return;
  throw Error(Reason::NotUnderstood,
              fmt::format("whether `{}` runs depends on {}", excerpt(what), why->what),
              why->hint.empty()
                  ? "What the data say when a migration runs cannot be known later; let it do the "
                    "same to every schema."
                  : why->hint,
              place_);
}

void Emitter::run(std::string sql) const {
  require_certain(sql);
  if (changed_ != nullptr) *changed_ = true;
  sink_->run({std::move(sql), place_, revision_});
}

void Emitter::run_rows(std::string sql) const {
  if (evaluator_->uncertain()) {
    pass_over();
    return;
  }
  sink_->run({std::move(sql), place_, revision_, true});
}

std::optional<Answer> Emitter::ask(std::string sql) const {
  return sink_->query({std::move(sql), place_, revision_});
}

python::Value Emitter::run_text(const std::string& sql, const std::string& shown) const {
  const SqlEffect effect = effect_of(sql);
  if (effect.about_schema) {
    if (const auto answer = ask(sql)) return result_of(*answer, place_);
  }
  if (!effect.schema) {
    run_rows(sql);
  } else {
    require_certain(shown + " of " + sql);
    if (changed_ != nullptr) *changed_ = true;
    sink_->run({sql, place_, revision_});
  }
  return unknown_result(place_);
}

python::Value Emitter::pass_over_text(const std::string& sql, const std::string& shown,
                                      const std::string& what) const {
  if (effect_of(sql).schema) {
    not_understood(fmt::format("{} of `{}`, where {} is not known,", shown, excerpt(sql), what),
                   place_, "Write the statement so that it can be read without the data.");
  }
  pass_over();
  return unknown_result(place_);
}

}  // namespace driftd::alembic
