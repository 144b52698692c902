#pragma once

#include <string>
#include <vector>

#include "expected_schema/scratch/server.h"

namespace driftd {

/// A PostgreSQL that is installed on this machine: a folder with `initdb` and `postgres`.
struct Binaries {
  std::string bindir;
  int major = 0;
};

/// Those of the wanted major version. Throws what ScratchServer's constructor says.
Binaries find_binaries(const ScratchSettings& settings, int major);

/// Every one that is found, each major once, ascending.
std::vector<Binaries> all_binaries(const ScratchSettings& settings);

}  // namespace driftd
