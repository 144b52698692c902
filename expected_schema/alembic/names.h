#pragma once

#include <optional>
#include <string>
#include <vector>

namespace driftd::alembic {

/// `"schema"."name"`. Every identifier is quoted: the catalogue is the same as with SQLAlchemy,
/// which quotes only where PostgreSQL would fold or refuse the name.
std::string qualified(const std::optional<std::string>& schema, const std::string& name);

/// `"a", "b"`.
std::string quoted_list(const std::vector<std::string>& names);

/// A name that SQLAlchemy makes up, cut as it cuts one that PostgreSQL's 63 bytes cannot hold: the
/// first 55 characters, `_`, the last four digits of the name's MD5 (its truncated labels).
std::string made_up_name(const std::string& name);

}  // namespace driftd::alembic
