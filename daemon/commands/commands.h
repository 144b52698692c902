#pragma once

namespace driftd {

/// Parses the command line and carries out the command. Exit codes: 0 in sync (or the daemon ended
/// as asked), 2 drift at or above --fail-on, 1 could not tell, wrong usage included.
int run(int argc, char** argv);

}  // namespace driftd
