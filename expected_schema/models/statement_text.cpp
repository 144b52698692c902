#include "expected_schema/models/statement_text.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "expected_schema/base/text.h"

namespace driftd::models {

bool may_declare(const std::string& text) {
  for (const std::string_view word : {"__tablename__", "Column(", "mapped_column", "Mapped[",
                                      "table=True", "Table(", "__table_args__", "__table__"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

namespace {

bool is_letter(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Names, and each other sign by itself.
std::vector<std::string_view> words_in(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_letter(line[end])) ++end;
    if (end == at) ++end;
    if (line[at] != ' ' && line[at] != '\t' && line[at] != '\r') {
      words.push_back(line.substr(at, end - at));
    }
    at = end;
  }
  return words;
}

/// What stands between the brackets of the class statement at `line`: its bases.
std::string bases_at(const std::string& text, std::size_t line) {
  const std::size_t open = text.find_first_of("(:", line);
  if (open == std::string::npos || text[open] == ':') return {};
  int depth = 0;
  std::size_t at = open;
  for (; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) break;
  }
  // `name=...` is no base.
  std::string bases;
  std::string part;
  depth = 0;
  for (const char c : text.substr(open + 1, at - open - 1) + ",") {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ',' || depth > 0) {
      part += c;
      continue;
    }
    const std::size_t equal = part.find('=');
    if (equal == std::string::npos || part.find('(') < equal) bases += part + ",";
    part.clear();
  }
  return bases;
}

/// The bases of every class statement in it.
std::string bases_in(const std::string& text) {
  std::string all;
  for (std::size_t at = text.find("class "); at != std::string::npos;
       at = text.find("class ", at + 1)) {
    const std::size_t before = text.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    const bool starts_line = at == 0 || before == std::string::npos || text[before] == '\n';
    if (starts_line) all += bases_at(text, at);
  }
  return all;
}

}  // namespace

bool may_be_model(const std::string& text, const std::set<std::string>& models) {
  const std::string bases = bases_in(text);
  if (bases.find('(') != std::string::npos) return true;
  return std::ranges::any_of(
      words_in(bases), [&](std::string_view word) { return models.contains(std::string(word)); });
}

std::string base_in(const std::string& text) {
  const auto words = words_in(std::string_view(text).substr(0, text.find('\n')));
  if (words.size() < 3 || words[1] != "=" || !is_letter(words[0].front())) return {};
  const bool called_so = words[0].ends_with("Base") || words[0].ends_with("Model");
  const bool makes_one = text.find("declarative_base") != std::string::npos ||
                         text.find("automap_base") != std::string::npos ||
                         text.find("generate_base") != std::string::npos;
  return called_so || makes_one ? std::string(words[0]) : std::string();
}

std::vector<std::pair<std::string, std::string>> other_names_in(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const std::string& line : split(text, '\n')) {
    if (line.find(" as ") == std::string::npos && line.find('=') == std::string::npos) continue;
    const auto words = words_in(line);
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      if (words[i] == "as") names.emplace_back(words[i - 1], words[i + 1]);
    }
    // `B = a.b.Base`
    if (words.size() < 3 || words[1] != "=") continue;
    std::size_t end = 2;
    while (end + 2 < words.size() && words[end + 1] == ".") end += 2;
    const bool whole = end + 1 == words.size() || words[end + 1] == "#";
    if (whole && is_letter(words[end].front())) names.emplace_back(words[end], words[0]);
  }
  return names;
}

bool may_change(const std::string& text, const std::vector<DeclaredTable>& tables) {
  const std::size_t open = text.find('(');
  const std::size_t equal = text.find('=');
  const bool call = open != std::string::npos && (equal == std::string::npos || equal > open) &&
                    !text.starts_with("class ") && !text.starts_with("def ") &&
                    !text.starts_with("@") && !text.starts_with("if ") &&
                    !text.starts_with("import ") && !text.starts_with("from ");
  if (!call) return false;
  const auto word = [&](const std::string& name) {
    const auto part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    for (std::size_t at = text.find(name, open); at != std::string::npos;
         at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if (!part(text[at - 1]) && (end == text.size() || !part(text[end]))) return true;
    }
    return false;
  };
  return word("Base") || word("metadata") ||
         std::ranges::any_of(tables, [&](const DeclaredTable& table) {
           return !table.model.empty() && word(table.model);
         });
}

std::string named_in(const std::string& text) {
  const std::size_t at = text.find("__tablename__");
  if (at == std::string::npos) return {};
  const std::size_t equal = text.find('=', at);
  const std::size_t open = equal == std::string::npos ? equal : text.find_first_of("\"'", equal);
  if (open == std::string::npos || text.find('\n', at) < open) return {};
  const std::size_t close = text.find(text[open], open + 1);
  return close == std::string::npos ? std::string() : text.substr(open + 1, close - open - 1);
}

std::string class_in(const std::string& text) {
  const std::size_t at = text.find("class ");
  if (at == std::string::npos) return {};
  const std::size_t end = text.find_first_of("[(:", at);
  return text.substr(at + 6, end == std::string::npos ? end : end - at - 6);
}

}  // namespace driftd::models
