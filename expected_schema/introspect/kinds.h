#pragma once

#include <span>
#include <string>
#include <string_view>

namespace driftd {

/// A kind of object is a query: `kinds/<name>.sql` returns one row an object, with the columns
/// `identity`, `parent_kind`, `parent` (NULL where nothing contains it), then one column a
/// property, named as the property. A column `kind` may stand before them where one query reads
/// several kinds (a relation is a table, a view, ...); without it the file's name is the kind.
///
/// `$1` is the array of the oids of the schemas that are looked at, `$2` the oid of the main owner;
/// a query that names `$2` names `$1` too. A property whose name ends in `!` cannot be NULL: a NULL
/// there is the mark of a torn read.
struct Kind {
  std::string_view file;  ///< the query's file without `.sql`
  std::string_view sql;   ///< the text of the file
};

/// All kinds, in the order in which they are read. Definitions that lock what they print (views,
/// rules) come last.
std::span<const Kind> kinds();

/// The query for a server: lines that end in `--@ >=N` or `--@ <N`, or in both, are kept only for
/// such major versions. Throws Error{Internal} for a mark that is not of this form.
std::string sql_for(const Kind& kind, int server_major);

/// Of all queries, as they are for a server: catalogues are comparable where it is the same.
std::string digest_of_kinds(int server_major);

}  // namespace driftd
