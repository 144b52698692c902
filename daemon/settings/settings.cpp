#include "daemon/settings/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "daemon/settings/address.h"
#include "daemon/settings/expand.h"
#include "daemon/settings/keys.h"
#include "daemon/settings/yaml.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/tenants.h"
#include "expected_schema/postgres/endpoint.h"
#include "expected_schema/postgres/migration_signs.h"

namespace driftd {
namespace {

using yaml::Entry;
using yaml::Mark;
using yaml::Node;

std::string name_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::Null:
      return "nothing";
    case Node::Kind::Scalar:
      return "a single value";
    case Node::Kind::Sequence:
      return "a list";
    case Node::Kind::Map:
      return "a group of keys";
  }
  return {};
}

/// What a person may have meant, as the tail of a message.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(lower(word), candidates);
  return best.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", best);
}

/// Walks the tree by the table of keys and collects what is wrong.
class Reader {
 public:
  explicit Reader(std::string directory) : directory_(std::move(directory)) {}

  Settings read(const std::string& text) {
    Settings settings;
    const auto root = yaml::parse(text, [this](Mark m, std::string what) { complain(m, what); });
    if (root->kind == Node::Kind::Null) return settings;
    if (root->kind != Node::Kind::Map) {
      complain(root->mark, "the file must hold keys such as databases: and web:");
      return settings;
    }
    // Defaults first, wherever they stand: each database begins as a copy of them.
    for (const Entry& entry : root->entries) {
      if (entry.key == "defaults") group(entry, settings.defaults, database_keys(), true);
    }
    std::vector<Entry> rest;
    for (const Entry& entry : root->entries) {
      if (entry.key == "databases") {
        databases(entry, settings);
      } else if (entry.key != "defaults") {
        rest.push_back(entry);
      }
    }
    part(rest, "", settings, global_keys(), false, {"databases", "defaults"});
    return settings;
  }

  /// Throws when there was anything to complain of.
  void finish(const std::string& name) {
    if (mistakes_.empty()) return;
    std::stable_sort(mistakes_.begin(), mistakes_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> lines;
    for (const auto& [mark, message] : mistakes_) {
      lines.push_back(fmt::format("{}:{}:{}: {}", name, mark.line, mark.column, message));
    }
    throw Error(Reason::Settings, join(lines, "\n"));
  }

 private:
  void complain(Mark mark, std::string what) { mistakes_.emplace_back(mark, std::move(what)); }

  void databases(const Entry& entry, Settings& settings) {
    const Node& list = *entry.value;
    if (list.kind == Node::Kind::Null) return;
    if (list.kind != Node::Kind::Sequence) {
      complain(entry.mark, fmt::format("databases must be a list, each entry with a -, not {}",
                                       name_of(list.kind)));
      return;
    }
    std::set<std::string> names;
    for (const auto& item : list.items) {
      if (item->kind != Node::Kind::Map) {
        complain(item->mark,
                 fmt::format("a database must be a group of keys, not {}", name_of(item->kind)));
        continue;
      }
      DatabaseSettings database = settings.defaults;
      part(item->entries, "", database, database_keys(), false, {});
      Mark mark = item->mark;
      for (const Entry& key : item->entries) {
        if (key.key == "name") mark = key.value->mark;
      }
      if (database.name.empty() && list.items.size() > 1) {
        complain(mark, "name is missing, which each of several databases needs");
      } else if (!names.insert(database.name).second) {
        complain(mark, fmt::format("the name \"{}\" stands twice", database.name));
      }
      if (!database.endpoint.password_file.empty() && !database.endpoint.password_command.empty()) {
        complain(mark, "password_file and password_command are both given; one must go");
      }
      if (!database.tenants.empty()) {
        if (database.scope.schemas != Scope().schemas) {
          complain(mark, "schemas and tenants.schemas are both given; one must go");
        }
        if (!database.history.snapshot.empty()) {
          complain(mark, "tenants.schemas cannot be compared with expected.snapshot");
        }
        database.history.table.in_each_schema = true;
      }
      settings.databases.push_back(std::move(database));
    }
  }

  template <typename Part>
  void group(const Entry& entry, Part& target, const std::vector<Key<Part>>& keys, bool shared) {
    if (entry.value->kind == Node::Kind::Null) return;
    if (entry.value->kind != Node::Kind::Map) {
      complain(entry.mark, fmt::format("{} must be a group of keys, not {}", entry.key,
                                       name_of(entry.value->kind)));
      return;
    }
    part(entry.value->entries, "", target, keys, shared, {});
  }

  /// The entries under `prefix` (empty, or ending in a dot). `shared`: they are for all databases.
  template <typename Part>
  void part(const std::vector<Entry>& entries, const std::string& prefix, Part& target,
            const std::vector<Key<Part>>& keys, bool shared, std::vector<std::string> known) {
    for (const Key<Part>& key : keys) {
      if (!key.path.starts_with(prefix)) continue;
      const auto rest = key.path.substr(prefix.size());
      known.emplace_back(rest.substr(0, rest.find('.')));
    }
    for (const Entry& entry : entries) {
      const std::string path = prefix + entry.key;
      const auto key = std::find_if(keys.begin(), keys.end(),
                                    [&](const Key<Part>& k) { return k.path == path; });
      const bool is_group = std::any_of(keys.begin(), keys.end(), [&](const Key<Part>& k) {
        return k.path.starts_with(path + ".");
      });
      if (key != keys.end() && shared && key->own) {
        complain(entry.mark, fmt::format("{} belongs to one database and has no default", path));
      } else if (key != keys.end()) {
        value(entry, path, *key, key->slot(target));
      } else if (!is_group) {
        complain(entry.mark,
                 fmt::format("unknown key \"{}\"{}", path, did_you_mean(entry.key, known)));
      } else if (entry.value->kind == Node::Kind::Map) {
        part(entry.value->entries, path + ".", target, keys, shared, {});
      } else if (const auto* path_key = short_for(keys, path);
                 path_key != nullptr && entry.value->kind == Node::Kind::Scalar) {
        value(entry, path, *path_key, path_key->slot(target));
      } else if (entry.value->kind != Node::Kind::Null) {
        complain(entry.mark, fmt::format("{} must be a group of keys, not {}", path,
                                         name_of(entry.value->kind)));
      }
    }
  }

  /// `migrations: FOLDER` is short for `migrations: {path: FOLDER}`.
  template <typename Part>
  static const Key<Part>* short_for(const std::vector<Key<Part>>& keys, const std::string& path) {
    const auto found = std::ranges::find(keys, path + ".path",
                                         [](const auto& key) { return std::string(key.path); });
    return found == keys.end() ? nullptr : &*found;
  }

  template <typename Part>
  void value(const Entry& entry, const std::string& path, const Key<Part>& key, Slot slot) {
    const Node& node = *entry.value;
    // A key without a value is a key that was left out.
    if (node.kind == Node::Kind::Null) return;
    if (auto* const* list = std::get_if<std::vector<std::string>*>(&slot)) {
      if (key.one_or_more && node.kind == Node::Kind::Scalar) {
        **list = {text(node, path, key)};
        return;
      }
      if (node.kind != Node::Kind::Sequence) {
        complain(entry.mark, fmt::format("{} must be a list, not {}", path, name_of(node.kind)));
        return;
      }
      (*list)->clear();
      for (const auto& item : node.items) {
        if (item->kind != Node::Kind::Scalar) {
          complain(entry.mark, fmt::format("{} must be a list of single values; one of them is {}",
                                           path, name_of(item->kind)));
        } else {
          (*list)->push_back(text(*item, path, key));
        }
      }
      if ((*list)->empty() && !key.choices.empty()) {
        complain(entry.mark, fmt::format("{} names nothing, so that nothing would be looked at; "
                                         "choose from {}",
                                         path, join(key.choices, ", ")));
      }
      return;
    }
    if (auto* const* map = std::get_if<std::map<std::string, std::string>*>(&slot)) {
      if (node.kind != Node::Kind::Map) {
        complain(entry.mark, fmt::format("{} must be names with their values, not {}", path,
                                         name_of(node.kind)));
        return;
      }
      (*map)->clear();
      for (const Entry& item : node.entries) {
        if (item.value->kind != Node::Kind::Scalar) {
          complain(item.mark, fmt::format("{}.{} must be a single value, not {}", path, item.key,
                                          name_of(item.value->kind)));
        } else {
          (*map)->insert_or_assign(item.key, text(*item.value, path, key));
        }
      }
      return;
    }
    if (node.kind != Node::Kind::Scalar) {
      complain(entry.mark,
               fmt::format("{} must be a single value, not {}", path, name_of(node.kind)));
      return;
    }
    if (auto* const* string = std::get_if<std::string*>(&slot)) {
      **string = text(node, path, key);
    } else if (auto* const* time = std::get_if<std::chrono::milliseconds*>(&slot)) {
      duration(node, path, key, **time);
    } else if (auto* const* integer = std::get_if<int*>(&slot)) {
      number(node, path, key, "a whole number", **integer);
    } else if (auto* const* real = std::get_if<double*>(&slot)) {
      number(node, path, key, "a number", **real);
    } else if (auto* const* boolean = std::get_if<bool*>(&slot)) {
      if (node.text != "true" && node.text != "false") {
        complain(node.mark, fmt::format("{} must be true or false, not \"{}\"", path, node.text));
      } else {
        **boolean = node.text == "true";
      }
    }
  }

  std::string expanded(const Node& node) {
    std::vector<std::string> wrong;
    std::string result = expand_environment(node.text, wrong);
    for (const std::string& what : wrong) complain(node.mark, what);
    return result;
  }

  template <typename Part>
  std::string text(const Node& node, const std::string& path, const Key<Part>& key) {
    const std::size_t before = mistakes_.size();
    std::string result = expanded(node);
    if (mistakes_.size() > before || result.empty()) return result;
    if (!key.choices.empty() &&
        std::find(key.choices.begin(), key.choices.end(), result) == key.choices.end()) {
      complain(node.mark,
               fmt::format("{} must be {}, not \"{}\"{}", path, join(key.choices, " or "), result,
                           did_you_mean(result, key.choices)));
      return result;
    }
    try {
      switch (key.meaning) {
        case Meaning::Plain:
          break;
        case Meaning::Conninfo:
          return libpq_conninfo(result);
        case Meaning::ListenAddress:
          parse_listen_address(result);
          break;
        case Meaning::AdvisoryLock:
          parse_migration_lock(result);
          break;
        case Meaning::RunTimePattern:
          run_time_pattern(result);
          break;
        case Meaning::File:
        case Meaning::Folder:
        case Meaning::FileOrFolder:
          return existing(node, path, key.meaning, result);
      }
    } catch (const Error& e) {
      complain(node.mark, fmt::format("{}: {}", path, e.message()));
    }
    return result;
  }

  std::string existing(const Node& node, const std::string& path, Meaning meaning,
                       const std::string& given) {
    namespace fs = std::filesystem;
    const fs::path full = (fs::path(directory_) / given).lexically_normal();
    std::error_code failed;
    const fs::file_status status = fs::status(full, failed);
    if (!fs::exists(status)) {
      const std::string why = failed ? failed.message() : "no such file or directory";
      complain(node.mark, fmt::format("{}: cannot find {}: {}", path, full.string(), lower(why)));
    } else if (meaning == Meaning::File && fs::is_directory(status)) {
      complain(node.mark, fmt::format("{}: {} is a folder, not a file", path, full.string()));
    } else if (meaning == Meaning::Folder && !fs::is_directory(status)) {
      complain(node.mark, fmt::format("{}: {} is a file, not a folder", path, full.string()));
    }
    return full.string();
  }

  template <typename Part>
  void duration(const Node& node, const std::string& path, const Key<Part>& key,
                std::chrono::milliseconds& target) {
    const std::size_t before = mistakes_.size();
    const std::string written = expanded(node);
    if (mistakes_.size() > before) return;
    try {
      const auto result = parse_duration(written);
      const auto count = static_cast<double>(result.count());
      const auto bound = [](double ms) {
        return print_duration(std::chrono::milliseconds(static_cast<std::int64_t>(ms)));
      };
      if (count < key.minimum) {
        complain(node.mark,
                 fmt::format("{} must be at least {}, not {}", path, bound(key.minimum), written));
      } else if (count > key.maximum) {
        complain(node.mark,
                 fmt::format("{} must be at most {}, not {}", path, bound(key.maximum), written));
      } else {
        target = result;
      }
    } catch (const Error& e) {
      complain(node.mark,
               fmt::format("{}: {}; write it as 500ms, 30s, 5m or 1h30m", path, e.message()));
    }
  }

  template <typename Part, typename Number>
  void number(const Node& node, const std::string& path, const Key<Part>& key,
              std::string_view what, Number& target) {
    Number result{};
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, failed] = std::from_chars(node.text.data(), end, result);
    if (failed != std::errc() || stop != end || !std::isfinite(static_cast<double>(result))) {
      complain(node.mark, fmt::format("{} must be {}, not \"{}\"", path, what, node.text));
    } else if (static_cast<double>(result) < key.minimum ||
               static_cast<double>(result) > key.maximum) {
      complain(node.mark, fmt::format("{} must be from {} to {}, not {}", path, key.minimum,
                                      key.maximum, node.text));
    } else {
      target = result;
    }
  }

  std::string directory_;
  std::vector<std::pair<Mark, std::string>> mistakes_;
};

}  // namespace

Settings parse_settings(const std::string& text, const std::string& name,
                        const std::string& directory) {
  Reader reader(directory);
  Settings settings = reader.read(text);
  reader.finish(name);
  for (DatabaseSettings& database : settings.databases) {
    if (database.endpoint.conninfo.empty()) {
      database.endpoint.conninfo = database_from_environment();
    }
  }
  return settings;
}

Scope tenants_of(const DatabaseSettings& settings) {
  return {settings.tenants, settings.scope.exclude_schemas, settings.scope.groups};
}

Scope expected_scope(const DatabaseSettings& settings) {
  if (settings.tenants.empty()) return settings.scope;
  return {{std::string(tenant_schema)}, {}, settings.scope.groups};
}

Settings load_settings(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  return parse_settings(read_file(path), path, directory.empty() ? "." : directory.string());
}

std::string database_from_environment() {
  for (const char* name : {"DRIFTD_DATABASE", "DATABASE_URL"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0') continue;
    try {
      return libpq_conninfo(value);
    } catch (const Error& e) {
      throw Error(e.reason(), fmt::format("the environment variable {}: {}", name, e.message()),
                  e.hint());
    }
  }
  return {};
}

}  // namespace driftd
