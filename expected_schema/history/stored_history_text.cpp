// The file of a stored history; see stored_history.h for its form.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/stored_history.h"

namespace driftd {
namespace {

namespace json = boost::json;

constexpr int format = 1;

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& text : list) array.emplace_back(text);
  return array;
}

json::object header_of(const StoredHistory& history) {
  json::array revisions;
  for (const auto& one : history.revisions) {
    revisions.push_back(json::object{{"id", one.id},
                                     {"message", valid_utf8(one.message)},
                                     {"file", valid_utf8(one.file)},
                                     {"needs", texts(one.needs)}});
  }
  return {{"driftd_snapshot", format},
          {"written_by", history.written_by},
          {"server_major", history.server_major},
          {"kinds", history.kinds},
          {"schemas", texts(history.scope.schemas)},
          {"exclude_schemas", texts(history.scope.exclude_schemas)},
          {"groups", texts(history.scope.groups)},
          {"tool", history.tool},
          {"version_table", json::object{{"schema", history.table.schema},
                                         {"name", history.table.name},
                                         {"column", history.table.column}}},
          {"heads", texts(history.heads)},
          {"revisions", std::move(revisions)}};
}

json::object line_of(const StoredHistory::State& state) {
  json::array removed;
  for (const ObjectId& id : state.removed) removed.push_back(json::array{id.kind, id.identity});
  json::array set;
  for (const auto& object : state.set) {
    json::object properties;
    for (const auto& [name, value] : object.properties) properties[name] = value;
    set.push_back(json::array{object.id.kind, object.id.identity, object.parent.kind,
                              object.parent.identity, std::move(properties)});
  }
  return {{"state", texts(state.revisions)},
          {"by", state.by},
          {"after", state.after},
          {"named_versions", texts(state.named_versions)},
          {"removed", std::move(removed)},
          {"set", std::move(set)}};
}

std::string text_at(const json::object& object, const char* key) {
  return json::value_to<std::string>(object.at(key));
}

std::vector<std::string> texts_at(const json::object& object, const char* key) {
  return json::value_to<std::vector<std::string>>(object.at(key));
}

void read_header(const json::object& object, StoredHistory& history) {
  history.written_by = text_at(object, "written_by");
  history.server_major = json::value_to<int>(object.at("server_major"));
  history.kinds = text_at(object, "kinds");
  history.scope = {texts_at(object, "schemas"), texts_at(object, "exclude_schemas"),
                   texts_at(object, "groups")};
  history.tool = text_at(object, "tool");
  const json::object& table = object.at("version_table").as_object();
  history.table = {text_at(table, "schema"), text_at(table, "name"), text_at(table, "column"), {}};
  history.heads = texts_at(object, "heads");
  for (const json::value& value : object.at("revisions").as_array()) {
    const json::object& one = value.as_object();
    history.revisions.push_back({text_at(one, "id"), text_at(one, "message"), text_at(one, "file"),
                                 texts_at(one, "needs")});
  }
}

StoredHistory::State read_state(const json::object& object, std::size_t before) {
  StoredHistory::State state;
  state.revisions = texts_at(object, "state");
  state.by = text_at(object, "by");
  state.after = json::value_to<int>(object.at("after"));
  if (state.after < -1 || state.after >= static_cast<int>(before)) {
    throw std::out_of_range("it builds on a state that does not come before it");
  }
  state.named_versions = texts_at(object, "named_versions");
  for (const json::value& value : object.at("removed").as_array()) {
    const auto id = json::value_to<std::vector<std::string>>(value);
    state.removed.push_back({id.at(0), id.at(1)});
  }
  for (const json::value& value : object.at("set").as_array()) {
    const json::array& one = value.as_array();
    const auto part = [&](std::size_t i) { return json::value_to<std::string>(one.at(i)); };
    auto& stored = state.set.emplace_back();
    stored.id = {part(0), part(1)};
    stored.parent = {part(2), part(3)};
    for (const auto& [name, text] : one.at(4).as_object()) {
      stored.properties.emplace_back(name, json::value_to<std::string>(text));
    }
  }
  return state;
}

[[noreturn]] void refuse(const std::string& what, const std::string& file, int line) {
  throw Error(Reason::History, what, "Make it anew: driftd snapshot.", {file, line, 0});
}

}  // namespace

std::string to_text(const StoredHistory& history) {
  std::string text = json::serialize(header_of(history)) + "\n";
  for (const auto& state : history.states) text += json::serialize(line_of(state)) + "\n";
  return text + json::serialize(json::object{{"sha256", sha256_of(text)}}) + "\n";
}

StoredHistory parse_stored_history(const std::string& text, const std::string& file) {
  const auto last = text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
  if (!text.starts_with("{\"driftd_snapshot\":")) {
    refuse("this is no file that driftd snapshot wrote", file, 1);
  }
  const auto lines = static_cast<int>(std::ranges::count(text, '\n'));
  const std::string body = last == std::string::npos ? "" : text.substr(0, last + 1);
  const std::string seal = json::serialize(json::object{{"sha256", sha256_of(body)}}) + "\n";
  if (last == std::string::npos || text.substr(last + 1) != seal) {
    refuse("the snapshot is cut off, or was changed: its last line is not the digest of the rest",
           file, lines);
  }
  StoredHistory history;
  int number = 0;
  for (const std::string& line : split(body, '\n')) {
    if (line.empty()) continue;
    ++number;
    try {
      const json::value value = json::parse(line);
      if (number == 1) {
        const int found = json::value_to<int>(value.at("driftd_snapshot"));
        if (found != format) {
          refuse(
              fmt::format("the snapshot has the form {}, and this driftd reads {}", found, format),
              file, 1);
        }
        read_header(value.as_object(), history);
      } else {
        history.states.push_back(read_state(value.as_object(), history.states.size()));
      }
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      refuse(fmt::format("the snapshot cannot be read: {}", error.what()), file, number);
    }
  }
  return history;
}

}  // namespace driftd
