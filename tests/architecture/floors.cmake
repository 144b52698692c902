# Includes point only down: a room may include itself and rooms above it in this list, and
# third-party headers stay in .cpp files. Run as: cmake -DSOURCE_DIR=... -P floors.cmake
set(floors
  expected_schema/base expected_schema/sql expected_schema/catalogue expected_schema/postgres
  expected_schema/introspect expected_schema/python expected_schema/alembic
  expected_schema/history expected_schema/scratch expected_schema/replay expected_schema/models
  expected_schema/expected
  daemon/compare daemon/plan daemon/judge daemon/ddl_log daemon/state daemon/settings daemon/log daemon/watch daemon/publish daemon/http
  daemon/commands)
set(third_party "pqxx|libpq|sqlite3|boost|yaml-cpp|prometheus/|tree_sitter|pg_query|CLI/|openssl|gtest|zlib")

# floors_violations(<directory> <result>): one line for each include that does not point down.
function(floors_violations directory result)
  set(violations "")
  file(GLOB_RECURSE files RELATIVE ${directory} ${directory}/expected_schema/*.h
       ${directory}/expected_schema/*.cpp ${directory}/daemon/*.h ${directory}/daemon/*.cpp)
  foreach(file IN LISTS files)
    string(REGEX MATCH "^(expected_schema|daemon)/[^/]+" room "${file}")
    list(FIND floors "${room}" own)
    if(own EQUAL -1)
      if(file STREQUAL "daemon/main.cpp")
        list(LENGTH floors own)
      else()
        list(APPEND violations "${file}: ${room} is no room of the list")
        continue()
      endif()
    endif()
    file(STRINGS ${directory}/${file} includes REGEX "^[ \t]*#[ \t]*include")
    foreach(include IN LISTS includes)
      if(include MATCHES "\"((expected_schema|daemon)/[^/]+)/[^\"]*\"")
        list(FIND floors "${CMAKE_MATCH_1}" other)
        if(other EQUAL -1 OR other GREATER own)
          list(APPEND violations "${file} includes ${CMAKE_MATCH_1}, which is not below it")
        endif()
      elseif(include MATCHES "\"")
        list(APPEND violations "${file}: ${include} is not written from the repository's root")
      elseif(file MATCHES "\\.h$" AND include MATCHES "<(${third_party})")
        list(APPEND violations "${file}: ${include} belongs in a .cpp file")
      endif()
    endforeach()
  endforeach()
  set(${result} "${violations}" PARENT_SCOPE)
endfunction()

floors_violations(${SOURCE_DIR} violations)
if(violations)
  list(JOIN violations "\n  " text)
  message(FATAL_ERROR "includes must point down:\n  ${text}")
endif()

# The check itself must be able to fail.
set(planted ${WORK_DIR}/planted)
file(REMOVE_RECURSE ${planted})
file(WRITE ${planted}/expected_schema/base/bad.h "#include \"expected_schema/replay/replay.h\"\n")
file(WRITE ${planted}/daemon/judge/bad.h "#include <pqxx/pqxx>\n#include \"judge.h\"\n")
floors_violations(${planted} found)
list(LENGTH found count)
if(NOT count EQUAL 3)
  message(FATAL_ERROR "three planted violations, ${count} found: ${found}")
endif()
message(STATUS "includes point down")
