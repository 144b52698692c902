#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// A call's arguments bound to the names of its parameters. A keyword that the signature does not
/// have is refused, but for those of other databases' dialects (`mysql_engine`), which SQLAlchemy
/// ignores as well.
class Call {
 public:
  /// `parameters` by position, in order; "*name" takes all that follow. After "/" come those that
  /// are given by keyword only; with "**" any other keyword is taken and means nothing. `shown` is
  /// how messages call it: "op.create_index".
  Call(const python::Term& term, std::string shown,
       const std::vector<std::string_view>& parameters);

  const std::string& shown() const { return shown_; }
  const Place& place() const { return place_; }

  /// Null where it is not given or, but for `given`, where it is None.
  const python::Value* find(std::string_view name) const;
  const python::Value* given(std::string_view name) const;
  const python::Value& need(std::string_view name) const;
  const std::vector<python::Value>& rest() const { return rest_; }
  void set(std::string_view name, python::Value value);

  std::string need_text(std::string_view name) const;
  /// Whether the text comes from op.f(): a naming convention does not change it any more.
  bool settled(std::string_view name) const;
  /// Refuses `quote=False` for a name that PostgreSQL would fold: here every name is quoted.
  void check_quote(std::string_view name, std::string_view quote = "quote") const;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;
  bool on(std::string_view name) const { return flag(name).value_or(false); }
  std::optional<std::int64_t> number(std::string_view name) const;
  /// A list of names; one text alone is a list of one.
  std::vector<std::string> names(std::string_view name) const;
  std::vector<python::Value> list(std::string_view name) const;

  /// Throws Error{NotUnderstood} that names the argument and its value.
  [[noreturn]] void refuse(std::string_view name, std::string hint = {}) const;

 private:
  std::string shown_;
  Place place_;
  std::map<std::string, python::Value, std::less<>> bound_;
  std::vector<python::Value> rest_;
};

/// Whether a keyword belongs to another database's dialect.
bool foreign_keyword(std::string_view keyword);

}  // namespace driftd::alembic
