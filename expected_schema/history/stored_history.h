#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expected_schema/history/history.h"

namespace driftd {

/// A history with the schema that each of its revisions leaves, written down where there is a
/// PostgreSQL, for where there is none. A file of it is text: a line of JSON each for the header
/// and for every state, which says only what differs from the state that it builds on; the last
/// line is the SHA-256 of all before it.
struct StoredHistory {
  struct Revision {
    std::string id;
    std::string message;
    std::string file;
    std::vector<std::string> needs;  ///< the revisions that it builds on
  };
  struct StoredObject {
    ObjectId id;
    ObjectId parent;  ///< of no kind where nothing contains it
    std::vector<std::pair<std::string, std::string>> properties;

    friend bool operator==(const StoredObject&, const StoredObject&) = default;
  };
  struct State {
    std::vector<std::string> revisions;  ///< the rows of the version table, sorted
    std::string by;  ///< the revision that made it; empty: the start, or a merge
    int after = -1;  ///< the state that it builds on; -1: none
    std::vector<ObjectId> removed;
    std::vector<StoredObject> set;  ///< new ones, and those that look otherwise now
    /// Extensions whose version a migration names; of others it may be any.
    std::vector<std::string> named_versions;
  };

  std::string written_by;  ///< `driftd 1.2.3`
  int server_major = 0;
  std::string kinds;  ///< digest_of_kinds of the driftd that wrote it
  Scope scope;
  std::string tool;
  VersionTable table;
  std::vector<std::string> heads;
  std::vector<Revision> revisions;  ///< in replay order
  std::vector<State> states;

  /// What differs from the newest state that `after` names; `objects` is all that is there now.
  void add_state(State state, const Catalogue& objects);
  /// The index of the state with exactly these rows in the version table, sorted.
  std::optional<std::size_t> find(const std::vector<std::string>& rows) const;
  /// All objects of a state, in the order of a catalogue.
  std::map<ObjectId, const StoredObject*> objects(std::size_t state) const;
};

std::string to_text(const StoredHistory& history);
/// Throws Error{History} with the line for a text that is none, is cut off, or was changed.
StoredHistory parse_stored_history(const std::string& text, const std::string& file);

/// The history that the file tells of. Throws Error{History}.
std::unique_ptr<History> open_stored_history(const std::string& path);

}  // namespace driftd
