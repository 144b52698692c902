#include <fmt/format.h>

#include <algorithm>

#include "daemon/settings/expand.h"
#include "daemon/settings/keys.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// A double-quoted text: the same in YAML and in JSON.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : valid_utf8(text)) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// A value in JSON's form, which YAML reads too.
template <typename Part>
std::string value_of(const Key<Part>& key, const Part& part) {
  Part copy = part;
  const auto shown = [&](const std::string& text) {
    return quoted(key.meaning == Meaning::Conninfo ? redact_conninfo(text) : text);
  };
  struct Visitor {
    const decltype(shown)& text;
    std::string operator()(const std::string* value) const { return text(*value); }
    std::string operator()(const std::vector<std::string>* value) const {
      std::vector<std::string> items;
      for (const std::string& item : *value) items.push_back(text(item));
      return "[" + join(items, ", ") + "]";
    }
    std::string operator()(const std::map<std::string, std::string>* value) const {
      std::vector<std::string> items;
      for (const auto& [name, item] : *value) items.push_back(quoted(name) + ": " + text(item));
      return "{" + join(items, ", ") + "}";
    }
    std::string operator()(const std::chrono::milliseconds* value) const {
      return quoted(print_duration(*value));
    }
    std::string operator()(const int* value) const { return fmt::format("{}", *value); }
    std::string operator()(const double* value) const { return fmt::format("{}", *value); }
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  };
  return std::visit(Visitor{shown}, key.slot(copy));
}

/// The keys of one part, `a.b` as b inside of a. `first` is the indentation of the first line.
template <typename Part>
std::string print_part(const std::vector<Key<Part>>& keys, const Part& part,
                       const std::string& indent, std::string first, bool shared) {
  std::string result;
  std::string group;
  const auto line = [&](const std::string& text) {
    result += first + text + "\n";
    first = indent;
  };
  for (const Key<Part>& key : keys) {
    if (shared && key.own) continue;
    const auto dot = key.path.find('.');
    const std::string key_group(dot == std::string_view::npos ? "" : key.path.substr(0, dot));
    if (key_group != group && !key_group.empty()) line(key_group + ":");
    group = key_group;
    const auto leaf = group.empty() ? key.path : key.path.substr(dot + 1);
    line(fmt::format("{}{}: {}", group.empty() ? "" : "  ", leaf,
                     escape_expansion(value_of(key, part))));
  }
  return result;
}

std::string type_of(const Slot& slot, bool one_or_more) {
  struct Visitor {
    bool one_or_more;
    std::string operator()(const std::string*) const { return R"("type": "string")"; }
    std::string operator()(const std::vector<std::string>*) const {
      if (one_or_more) return R"("type": ["array", "string"], "items": {"type": "string"})";
      return R"("type": "array", "items": {"type": "string"})";
    }
    std::string operator()(const std::map<std::string, std::string>*) const {
      return R"("type": "object", "additionalProperties": {"type": "string"})";
    }
    std::string operator()(const std::chrono::milliseconds*) const {
      return R"("type": "string", "pattern": )"
             R"("^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$", )"
             R"("minLength": 1)";
    }
    std::string operator()(const int*) const { return R"("type": "integer")"; }
    std::string operator()(const double*) const { return R"("type": "number")"; }
    std::string operator()(const bool*) const { return R"("type": "boolean")"; }
  };
  return std::visit(Visitor{one_or_more}, slot);
}

template <typename Part>
std::string schema_of(const Key<Part>& key) {
  Part defaults;
  const Slot slot = key.slot(defaults);
  std::string text = "{" + type_of(slot, key.one_or_more);
  if (std::holds_alternative<int*>(slot) || std::holds_alternative<double*>(slot)) {
    text += fmt::format(R"(, "minimum": {}, "maximum": {})", key.minimum, key.maximum);
  }
  if (!key.choices.empty()) {
    std::vector<std::string> words;
    for (const std::string& word : key.choices) words.push_back(quoted(word));
    const std::string one_of = R"(, "enum": [)" + join(words, ", ") + "]";
    if (std::holds_alternative<std::vector<std::string>*>(slot)) {
      text.insert(text.size() - 1, one_of);  // of the items
      text += R"(, "minItems": 1)";
    } else {
      text += one_of;
    }
  }
  return text + fmt::format(R"(, "default": {}, "description": {}}})", value_of(key, defaults),
                            quoted(key.says));
}

/// An object of the schema: `"properties": {...}` with the groups inside of it.
template <typename Part>
std::string properties(const std::vector<Key<Part>>& keys, bool shared, const std::string& indent) {
  std::vector<std::string> lines;
  std::vector<std::string> members;
  std::string group;
  const auto close_group = [&] {
    if (group.empty()) return;
    // A group with a path may be written as that path alone.
    const bool has_path = members.front().find("\"path\": ") != std::string::npos;
    lines.push_back(fmt::format(
        "{0}\"{1}\": {{\n{0}  \"type\": {3},\n{0}  \"additionalProperties\": false,\n"
        "{0}  \"properties\": {{\n{2}\n{0}  }}\n{0}}}",
        indent, group, join(members, ",\n"), has_path ? "[\"object\", \"string\"]" : "\"object\""));
    members.clear();
  };
  for (const Key<Part>& key : keys) {
    if (shared && key.own) continue;
    const auto dot = key.path.find('.');
    const std::string key_group(dot == std::string_view::npos ? "" : key.path.substr(0, dot));
    if (key_group != group) {
      close_group();
      group = key_group;
    }
    if (group.empty()) {
      lines.push_back(fmt::format("{}\"{}\": {}", indent, key.path, schema_of(key)));
    } else {
      members.push_back(
          fmt::format("{}    \"{}\": {}", indent, key.path.substr(dot + 1), schema_of(key)));
    }
  }
  close_group();
  return join(lines, ",\n");
}

}  // namespace

std::string print_settings(const Settings& settings) {
  std::string text;
  if (settings.databases.empty()) {
    text = "defaults:\n" + print_part(database_keys(), settings.defaults, "  ", "  ", true) +
           "databases: []\n";
  } else {
    text = "databases:\n";
    for (const DatabaseSettings& database : settings.databases) {
      text += print_part(database_keys(), database, "    ", "  - ", false);
    }
  }
  return text + print_part(global_keys(), settings, "", "", false);
}

std::string settings_schema() {
  return fmt::format(R"({{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "The settings of driftd",
  "type": "object",
  "additionalProperties": false,
  "properties": {{
    "databases": {{
      "description": "The databases that are watched.",
      "type": "array",
      "items": {{
        "type": "object",
        "additionalProperties": false,
        "properties": {{
{}
        }}
      }}
    }},
    "defaults": {{
      "description": "What each database begins with.",
      "type": "object",
      "additionalProperties": false,
      "properties": {{
{}
      }}
    }},
{}
  }}
}}
)",
                     properties(database_keys(), false, "          "),
                     properties(database_keys(), true, "        "),
                     properties(global_keys(), false, "    "));
}

}  // namespace driftd
