#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace driftd {

/// Who made the change behind a finding: a command that the optional DDL log of the database has.
struct ChangedBy {
  std::chrono::system_clock::time_point at{};  ///< when it ended, by the server's clock; the
                                               ///< transaction committed later
  std::string login_role;                      ///< who had logged in
  std::string acting_role;                     ///< of SET ROLE, else the same
  std::string application;                     ///< application_name; may be empty
  std::string client;                          ///< the address; empty on a Unix socket
  int pid = 0;                                 ///< of the server's process
  std::string tag;                             ///< ALTER TABLE
  std::string
      object;  ///< what it was about: the finding's object or what contains it; may be empty
  std::optional<std::string> statement;  ///< its beginning; nothing where it may hold a secret
  bool certain = true;     ///< false: it was about what contains the object, and does not name it
  std::size_t others = 0;  ///< further commands in question

  friend bool operator==(const ChangedBy&, const ChangedBy&) = default;
};

/// `by ines (as dba) with psql from 10.0.0.7`; `perhaps by` where it is not certain. Nothing is
/// escaped.
std::string who_words(const ChangedBy& by);

}  // namespace driftd
