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

/// Whether what comes after a statement that changes no schema is made otherwise for it.
bool changes_session(const std::string& sql) {
  const std::string text = lower(trim(sql));
  for (const std::string_view word :
       {"search_path", "role", "session authorization", "default_tablespace",
        "default_table_access_method", "check_function_bodies", "default_toast_compression"}) {
    const bool sets = text.find("set ") != std::string::npos ||
                      text.find("set_config") != std::string::npos ||
                      text.find("reset ") != std::string::npos;
    if (sets && text.find(word) != std::string::npos && !text.starts_with("update") &&
        !text.starts_with("alter")) {
      return true;
    }
  }
  return text.starts_with("commit") || text.starts_with("rollback") || text.starts_with("begin") ||
         text.starts_with("discard") || text.starts_with("reset all");
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

void Emitter::run_on_schema(Statement statement, const std::string& shown) const {
  if (const auto why = evaluator_->uncertain()) {
    const Doubt doubt{fmt::format("whether `{}` runs depends on {}", excerpt(shown), why->what),
                      why->hint.empty()
                          ? "What the data say when a migration runs cannot be known later; let it "
                            "do the same to every schema."
                          : why->hint,
                      evaluator_->uncertain_part()};
    if (!sink_->run_in_doubt(statement, doubt)) {
      throw Error(Reason::NotUnderstood, doubt.why, doubt.hint, place_);
    }
  } else {
    sink_->run(statement);
  }
  if (changed_ != nullptr) *changed_ = true;
}

void Emitter::run(std::string sql) const {
  const std::string shown = sql;
  run_on_schema({std::move(sql), place_, revision_}, shown);
}

void Emitter::run_open(std::string sql, const Error& not_understood) const {
  const Statement statement{std::move(sql), place_, revision_};
  const std::size_t group = evaluator_->uncertain() ? evaluator_->uncertain_part() : 0;
  const Doubt doubt{not_understood.message(), not_understood.hint(), group};
  if (!sink_->run_in_doubt(statement, doubt)) throw Error(not_understood);
  if (changed_ != nullptr) *changed_ = true;
}

void Emitter::run_rows(std::string sql) const {
  if (const auto why = evaluator_->uncertain()) {
    if (changes_session(sql)) {
      throw Error(Reason::NotUnderstood,
                  fmt::format("whether `{}` runs depends on {}", excerpt(sql), why->what),
                  "What comes after it would be made otherwise; let it run in any case.", place_);
    }
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
    run_on_schema({sql, place_, revision_}, shown + " of " + sql);
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
