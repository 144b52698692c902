#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace driftd {

/// Why a look or a command could not tell. A closed list: it is a metric label and part of the API.
enum class Reason {
  Settings,          ///< the settings or the command line are wrong
  Connect,           ///< the server cannot be reached
  Auth,              ///< the server refuses the login
  Permission,        ///< logged in, but a right is missing
  Timeout,           ///< a time limit ended the work
  LockTimeout,       ///< somebody holds a lock that a read would have waited for
  DdlInProgress,     ///< somebody is changing the schema at this moment
  CatalogueChanged,  ///< the catalogue moved while it was read
  ServerVersion,     ///< a major version that is not supported, or two that do not match
  History,           ///< the revisions on disk and in the database do not fit together
  NotUnderstood,     ///< a construct in a migration that driftd does not interpret
  Query,             ///< the server refused a query of driftd's own
  Replay,            ///< the scratch server refused a statement of a migration
  Scratch,           ///< no scratch server could be had
  Internal,          ///< a defect of driftd
};

/// The label and JSON form of a reason: lower-case words joined by `_`.
std::string_view name_of(Reason reason);

/// A position in a file. `line` and `column` count from 1; 0 means that it is not known.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// `file:line:column`, without the parts that are not known; empty when the file is not known.
std::string to_string(const Place& place);

/// The one exception of driftd: a job that could not be done, in words for an operator.
/// `message` is a lower-case fact without a full stop that names the thing; `hint` is a whole
/// sentence that says what to try, or empty. Never holds a password.
class Error : public std::runtime_error {
 public:
  Error(Reason reason, std::string message, std::string hint = {}, Place place = {});

  Reason reason() const { return reason_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const Place& place() const { return place_; }
  /// What the server said in code (the manual, "PostgreSQL Error Codes"); empty where it did not.
  const std::string& sqlstate() const { return sqlstate_; }
  void set_sqlstate(std::string_view code) { sqlstate_ = code; }

  /// True where the same look may succeed a moment later and nobody needs to hear of it yet.
  bool passing() const;

 private:
  Reason reason_;
  std::string message_;
  std::string hint_;
  Place place_;
  std::string sqlstate_;
};

}  // namespace driftd
