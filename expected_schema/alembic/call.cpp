#include "expected_schema/alembic/call.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;

bool foreign_keyword(std::string_view keyword) {
  for (const std::string_view dialect : {"mysql_", "mariadb_", "sqlite_", "mssql_", "oracle_"}) {
    if (keyword.starts_with(dialect)) return true;
  }
  return false;
}

namespace {

/// Whether SQLAlchemy takes it for an argument of a dialect that is not installed, and passes it by
/// with a warning: `primary_eky=True` is one of "primary". See DialectKWArgs in
/// sqlalchemy/sql/base.
bool passed_by(std::string_view shown, std::string_view keyword) {
  const auto underscore = keyword.find('_', 1);
  const bool two_words = underscore != std::string_view::npos && underscore + 1 < keyword.size();
  return two_words && !keyword.starts_with("postgresql_") &&
         (shown == "sa.Column" || shown == "sa.Index" || shown == "sa.UniqueConstraint" ||
          shown == "sa.PrimaryKeyConstraint" || shown == "sa.ForeignKeyConstraint" ||
          shown == "sa.CheckConstraint");
}

}  // namespace

Call::Call(const python::Term& term, std::string shown,
           const std::vector<std::string_view>& parameters)
    : shown_(std::move(shown)), place_(term.place) {
  std::vector<std::string_view> positional;
  std::vector<std::string> known;
  bool takes_rest = false;
  bool takes_keywords = false;
  bool by_position = true;
  for (const std::string_view parameter : parameters) {
    if (parameter == "/") {
      by_position = false;
    } else if (parameter == "**") {
      takes_keywords = true;
    } else if (parameter.front() == '*') {
      takes_rest = true;
      by_position = false;
    } else {
      if (by_position) positional.push_back(parameter);
      known.emplace_back(parameter);
    }
  }
  for (std::size_t i = 0; i < term.arguments.positional.size(); ++i) {
    const Value& value = term.arguments.positional[i];
    if (i < positional.size()) {
      bound_.emplace(positional[i], value);
    } else if (takes_rest) {
      rest_.push_back(value);
    } else {
      not_understood(
          fmt::format("{} with {} positional arguments", shown_, term.arguments.positional.size()),
          place_, "Give the arguments by keyword.");
    }
  }
  for (const auto& [name, value] : term.arguments.keyword) {
    if (std::find(known.begin(), known.end(), name) != known.end()) {
      if (!bound_.emplace(name, value).second) {
        not_understood(fmt::format("{}({}=...) given twice", shown_, name), place_,
                       "Give each argument once.");
      }
    } else if (!foreign_keyword(name) && !takes_keywords && !passed_by(shown_, name)) {
      const std::string near = nearest(name, known);
      not_understood(fmt::format("{}({}=...)", shown_, name), place_,
                     near.empty() ? "Remove the argument, or write the statement as op.execute()."
                                  : fmt::format("Perhaps {}= is meant.", near));
    }
  }
}

const Value* Call::given(std::string_view name) const {
  const auto found = bound_.find(name);
  return found == bound_.end() ? nullptr : &found->second;
}

const Value* Call::find(std::string_view name) const {
  const Value* value = given(name);
  return value == nullptr || value->is_none() ? nullptr : value;
}

const Value& Call::need(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) {
    not_understood(fmt::format("{} without {}", shown_, name), place_,
                   fmt::format("Give {}= a value.", name));
  }
  return *value;
}

void Call::set(std::string_view name, Value value) {
  bound_.insert_or_assign(std::string(name), std::move(value));
}

void Call::refuse(std::string_view name, std::string hint) const {
  const Value* value = given(name);
  not_understood(fmt::format("{}({}={})", shown_, name,
                             value == nullptr ? std::string("...") : python::repr(*value)),
                 place_, std::move(hint));
}

std::optional<std::string> Call::text(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = text_in(*value)) return *text;
  // quoted_name("x", quote=True) is a text that says how it is quoted; every name is quoted here.
  const std::string maker = made_by(*value);
  if ((maker == "quoted_name" || maker == "conv" || maker == "alembic.op.f") &&
      value->term() != nullptr && !value->term()->arguments.positional.empty()) {
    const auto* text = text_in(value->term()->arguments.positional.front());
    if (text != nullptr) {
      const Call made(*value->term(), maker, {"name", "quote"});
      made.check_quote("name");
      return *text;
    }
  }
  refuse(name, "Give it as a text that can be read without running the application.");
}

std::string Call::need_text(std::string_view name) const {
  need(name);
  return *text(name);
}

void Call::check_quote(std::string_view name, std::string_view quote) const {
  if (flag(quote).value_or(true)) return;
  const std::string text = this->text(name).value_or("");
  const bool folds = std::any_of(text.begin(), text.end(), [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  });
  if (folds) refuse(quote, "Write the name as PostgreSQL folds it, in lower case.");
}

bool Call::settled(std::string_view name) const {
  const Value* value = find(name);
  const std::string maker = value == nullptr ? std::string() : made_by(*value);
  return maker == "conv" || maker == "alembic.op.f";
}

std::optional<bool> Call::flag(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* flag = value->get_if<bool>()) return *flag;
  if (const auto* number = value->get_if<std::int64_t>()) return *number != 0;
  refuse(name, "Give it as True or False.");
}

std::optional<std::int64_t> Call::number(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->get_if<std::int64_t>()) return *number;
  refuse(name, "Give it as a whole number.");
}

std::vector<Value> Call::list(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return {};
  if (const auto* items = sequence_in(*value)) return *items;
  return {*value};
}

std::vector<std::string> Call::names(std::string_view name) const {
  std::vector<std::string> result;
  for (const Value& item : list(name)) {
    if (const auto* text = text_in(item)) {
      result.push_back(*text);
      continue;
    }
    refuse(name, "Give the names as texts.");
  }
  return result;
}

}  // namespace driftd::alembic
