#include <boost/json.hpp>

#include <set>

#include "daemon/publish/in_review.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace json = boost::json;

json::string text(std::string_view bytes) {
  return json::string(valid_utf8(bytes));
}

std::string_view word_of(Remark::Level level) {
  switch (level) {
    case Remark::Level::Error:
      return "error";
    case Remark::Level::Warning:
      return "warning";
    case Remark::Level::Note:
      break;
  }
  return "note";
}

/// RFC 3986; slashes stay.
std::string uri(std::string_view path) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string result = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    if (plain) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
  }
  return result;
}

json::object location(const Place& place) {
  json::object artifact{{"uri", text(uri(place.file))}};
  if (!place.file.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  json::object physical{{"artifactLocation", std::move(artifact)}};
  if (place.line > 0) {
    json::object region{{"startLine", place.line}};
    if (place.column > 0) region["startColumn"] = place.column;
    physical["region"] = std::move(region);
  }
  return {{"physicalLocation", std::move(physical)}};
}

json::object result(const Remark& remark) {
  json::object object{{"ruleId", text(remark.rule)},
                      {"level", text(word_of(remark.level))},
                      {"message", json::object{{"text", text(remark.title + "\n" + remark.text)}}}};
  if (!remark.place.file.empty()) object["locations"] = json::array{location(remark.place)};
  if (!remark.fingerprint.empty()) {
    object["partialFingerprints"] = json::object{{"driftd/v1", text(remark.fingerprint)}};
  }
  return object;
}

}  // namespace

std::string sarif_text(const std::vector<Remark>& remarks, const std::string& version) {
  json::array results;
  std::set<std::string> rules;
  bool could_tell = true;
  for (const Remark& remark : remarks) {
    results.push_back(result(remark));
    rules.insert(remark.rule);
    could_tell = could_tell && remark.rule != "cannot-tell" && remark.rule != "not-understood";
  }
  json::array listed;
  for (const std::string& rule : rules) listed.push_back(json::object{{"id", text(rule)}});
  const json::object driver{
      {"name", "driftd"}, {"semanticVersion", text(version)}, {"rules", std::move(listed)}};
  const json::object run{
      {"tool", json::object{{"driver", driver}}},
      {"invocations", json::array{json::object{{"executionSuccessful", could_tell}}}},
      {"results", std::move(results)}};
  return json::serialize(json::object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                      {"version", "2.1.0"},
                                      {"runs", json::array{run}}}) +
         "\n";
}

}  // namespace driftd
