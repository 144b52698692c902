# Writes OUTPUT, a C++ file that defines driftd::kinds() with the text of FILES.
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" sql)
  string(APPEND rows "    Kind{\"${name}\", R\"kind(${sql})kind\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
"#include <array>

#include \"expected_schema/introspect/kinds.h\"

namespace driftd {

std::span<const Kind> kinds() {
  static constexpr auto all = std::to_array<Kind>({
${rows}  });
  return all;
}

}  // namespace driftd
")
