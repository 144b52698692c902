#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "expected_schema/python/value.h"

/// The symbols that stand for a migration's ways to its database.
namespace driftd::alembic {

inline constexpr std::string_view kOperations = "alembic.op.";
inline constexpr std::string_view kConnection = "alembic.op.get_bind()";
inline constexpr std::string_view kDialect = "alembic.op.get_bind().dialect";
inline constexpr std::string_view kPreparer = "alembic.op.get_bind().dialect.identifier_preparer";
inline constexpr std::string_view kUrl = "alembic.op.url()";
inline constexpr std::string_view kContext = "alembic.op.get_context()";
inline constexpr std::string_view kAutocommit = "alembic.op.get_context().autocommit_block()";
inline constexpr std::string_view kSession = "alembic.op.session()";
/// The metadata of the application's models, whose tables are not known here.
inline constexpr std::string_view kModelsMetadata = "driftd.models.metadata";
inline constexpr std::string_view kSessionMaker = "alembic.op.sessionmaker()";
inline constexpr std::string_view kInspector = "alembic.op.inspector()";

inline python::Value symbol(std::string_view path) {
  return python::Value(python::Symbol{std::string(path)});
}

/// The symbol or term that a chain of methods and attributes begins with.
const python::Value& root_of(const python::Value& value);
/// The path of a symbol, and of what a call of one is; empty for other values.
std::string path_of(const python::Value& value);

/// A URL of which the beginning is known.
inline python::Value url_text(const Place& place) {
  python::Unknown url;
  url.what = "the database's URL";
  url.place = place;
  url.text = "postgresql$1";
  return python::Value(std::make_shared<const python::Unknown>(std::move(url)));
}

}  // namespace driftd::alembic
