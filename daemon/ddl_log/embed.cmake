# Writes OUTPUT, a C++ file with the text of INSTALL and REMOVE, which are SQL.
file(READ "${INSTALL}" install)
file(READ "${REMOVE}" remove)
file(WRITE "${OUTPUT}"
"#include \"daemon/ddl_log/sql.h\"

namespace driftd::ddl_log {

const std::string_view install_template = R\"sql(${install})sql\";
const std::string_view remove_template = R\"sql(${remove})sql\";

}  // namespace driftd::ddl_log
")
