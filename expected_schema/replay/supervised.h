#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace driftd {

/// How somebody else's program ended.
struct Supervised {
  enum class End { Exited, TimedOut, Stopped };
  End end = End::Exited;
  int status = 0;      ///< as a shell has it: the exit status, or 128 and the signal
  std::string output;  ///< the end of what it printed, standard error included

  /// What is kept of what a program prints.
  enum class Keep {
    End,             ///< the end alone, both streams in one
    StandardOutput,  ///< that whole, as `printed`; `output` is the end of standard error
  };
  static constexpr std::size_t most_printed = std::size_t{64} * 1024 * 1024;
  std::string printed;  ///< with Keep::StandardOutput
  bool cut = false;     ///< more was printed than is kept
};

/// Runs a program to its end, with its words as exec takes them (the first is looked for in PATH),
/// this environment, no input, and nothing else of driftd's. When it has ended, when `limit` is
/// over or `stop` is requested, and when driftd itself is gone, whatever is left of its process
/// group is killed. Throws Error{Scratch} when it cannot be started.
Supervised run_supervised(const std::vector<std::string>& words,
                          const std::vector<std::string>& environment, const std::string& directory,
                          std::chrono::milliseconds limit, const std::stop_token& stop,
                          Supervised::Keep keep = Supervised::Keep::End);

}  // namespace driftd
