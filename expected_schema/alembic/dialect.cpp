#include "expected_schema/alembic/dialect.h"

#include <algorithm>
#include <iterator>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

using python::Value;

namespace {

template <std::size_t size>
bool is_one_of(std::string_view name, const std::string_view (&names)[size]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// RESERVED_WORDS of sqlalchemy.dialects.postgresql.base.
bool is_reserved(std::string_view word) {
  static constexpr std::string_view words[] = {"all",
                                               "analyse",
                                               "analyze",
                                               "and",
                                               "any",
                                               "array",
                                               "as",
                                               "asc",
                                               "asymmetric",
                                               "both",
                                               "case",
                                               "cast",
                                               "check",
                                               "collate",
                                               "column",
                                               "constraint",
                                               "create",
                                               "current_catalog",
                                               "current_date",
                                               "current_role",
                                               "current_time",
                                               "current_timestamp",
                                               "current_user",
                                               "default",
                                               "deferrable",
                                               "desc",
                                               "distinct",
                                               "do",
                                               "else",
                                               "end",
                                               "except",
                                               "false",
                                               "fetch",
                                               "for",
                                               "foreign",
                                               "from",
                                               "grant",
                                               "group",
                                               "having",
                                               "in",
                                               "initially",
                                               "intersect",
                                               "into",
                                               "leading",
                                               "limit",
                                               "localtime",
                                               "localtimestamp",
                                               "new",
                                               "not",
                                               "null",
                                               "of",
                                               "off",
                                               "offset",
                                               "old",
                                               "on",
                                               "only",
                                               "or",
                                               "order",
                                               "placing",
                                               "primary",
                                               "references",
                                               "returning",
                                               "select",
                                               "session_user",
                                               "some",
                                               "symmetric",
                                               "table",
                                               "then",
                                               "to",
                                               "trailing",
                                               "true",
                                               "union",
                                               "unique",
                                               "user",
                                               "using",
                                               "variadic",
                                               "when",
                                               "where",
                                               "window",
                                               "with",
                                               "authorization",
                                               "between",
                                               "binary",
                                               "cross",
                                               "current_schema",
                                               "freeze",
                                               "full",
                                               "ilike",
                                               "inner",
                                               "is",
                                               "isnull",
                                               "join",
                                               "left",
                                               "like",
                                               "natural",
                                               "notnull",
                                               "outer",
                                               "over",
                                               "overlaps",
                                               "right",
                                               "similar",
                                               "verbose"};
  return is_one_of(word, words);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

}  // namespace

std::optional<Value> dialect_attribute(std::string_view name) {
  static constexpr std::string_view yes[] = {
      "supports_sequences",      "supports_alter",          "supports_native_enum",
      "supports_native_boolean", "supports_native_uuid",    "supports_comments",
      "supports_schemas",        "supports_default_values", "supports_constraint_comments",
      "supports_views",          "sequences_optional",      "supports_identity_columns",
      "supports_native_decimal"};
  if (is_one_of(name, yes)) return Value(true);
  if (name == "max_identifier_length") return Value(std::int64_t{63});
  return std::nullopt;
}

std::string quoted_as_needed(std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, is_plain) &&
                     !(name.front() >= '0' && name.front() <= '9') && name.front() != '$';
  return plain && !is_reserved(name) ? std::string(name) : quote_identifier(name);
}

std::optional<Value> preparer_call(std::string_view method, const python::Arguments& given) {
  if (given.positional.size() != 1 || !given.keyword.empty()) return std::nullopt;
  const Value& name = given.positional.front();
  if (const auto* text = text_in(name)) {
    if (method == "quote" || method == "quote_schema") return Value(quoted_as_needed(*text));
    if (method == "quote_identifier") return Value(quote_identifier(*text));
    return std::nullopt;
  }
  const python::Unknown* unknown = name.unknown();
  if (unknown == nullptr) return std::nullopt;
  // A name is one whatever it is: it stands where `$1` does.
  return python::unknown(unknown->what, unknown->place, unknown->hint);
}

std::optional<bool> takes_exception(std::string_view type, std::string_view raised) {
  constexpr std::string_view library = "sqlalchemy.exc.";
  if (raised != "sqlalchemy.exc.NoSuchTableError") return std::nullopt;
  if (!type.starts_with(library)) return std::nullopt;
  type.remove_prefix(library.size());
  return type == "NoSuchTableError" || type == "InvalidRequestError" || type == "SQLAlchemyError";
}

}  // namespace driftd::alembic
