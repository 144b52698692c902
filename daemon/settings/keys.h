#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/settings/settings.h"

/// The table of keys: it drives the parser, the printed settings and the JSON schema.
namespace driftd {

/// Where a value lives. The kind of pointer says how it is written in YAML.
using Slot =
    std::variant<std::string*, std::vector<std::string>*, std::map<std::string, std::string>*,
                 std::chrono::milliseconds*, int*, double*, bool*>;

/// What a text means beyond its being text.
enum class Meaning {
  Plain,
  Conninfo,  ///< a connection in any form that people have; its passwords are secret
  File,      ///< of a file that must exist, from the settings file's folder
  FileOrFolder,
  Folder,
  ListenAddress,
  AdvisoryLock,
  RunTimePattern,
};

template <typename Part>
struct Key {
  std::string_view path;  ///< `scratch.bindir`
  Slot (*slot)(Part&);
  std::string_view says;  ///< one line for the schema
  Meaning meaning = Meaning::Plain;
  bool one_or_more = false;               ///< of a list: one value may stand for a list of it
  std::vector<std::string> choices = {};  ///< the only words allowed; empty: any
  double minimum = 0;                     ///< of numbers; of durations in milliseconds
  double maximum = 1e12;
  bool own = false;  ///< belongs to one database and makes no sense in `defaults`
};

/// The keys of an entry of `databases`, and of `defaults` but for the `own` ones.
const std::vector<Key<DatabaseSettings>>& database_keys();
/// The keys outside `databases` and `defaults`.
const std::vector<Key<Settings>>& global_keys();

}  // namespace driftd
