#include "expected_schema/introspect/introspect.h"

namespace driftd {

Target read_target(Snapshot& snapshot) {
  const Rows database = snapshot.query(
      "SELECT pg_encoding_to_char(encoding), coalesce(datcollate, ''), coalesce(datctype, ''),"
      "       pg_get_userbyid(datdba), datname"
      "  FROM pg_database WHERE datname = current_database()");
  Target target;
  target.server_major = snapshot.server_major();
  target.encoding = database.text(0, 0);
  target.collate = database.text(0, 1);
  target.ctype = database.text(0, 2);
  target.owner = database.text(0, 3);
  target.database = database.text(0, 4);
  // pg_roles, which everybody may read; sorted by bytes as no locale of the server would.
  const Rows roles = snapshot.query(
      "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname COLLATE \"C\"");
  for (std::size_t row = 0; row < roles.size(); ++row) target.roles.push_back(roles.text(row, 0));
  return target;
}

}  // namespace driftd
