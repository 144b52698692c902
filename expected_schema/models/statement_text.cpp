#include "expected_schema/models/statement_text.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace driftd::models {

bool may_declare(const std::string& text) {
  for (const std::string_view word : {"__tablename__", "Column(", "mapped_column", "Mapped[",
                                      "table=True", "Table(", "__table_args__", "__table__"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

namespace {

/// What stands between the brackets of a class statement: its bases and arguments.
std::string bases_in(const std::string& text) {
  const std::size_t line = text.starts_with("class ") ? 0 : text.find("\nclass ");
  if (line == std::string::npos) return {};
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

}  // namespace

bool may_be_model(const std::string& text, const std::set<std::string>& models) {
  const std::string bases = bases_in(text);
  if (bases.find('(') != std::string::npos) return true;
  std::string word;
  for (const char c : bases + ",") {
    if (c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
    } else {
      if (!word.empty() && models.contains(word)) return true;
      word.clear();
    }
  }
  return false;
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
  const std::size_t end = text.find_first_of("(:", at);
  return text.substr(at + 6, end == std::string::npos ? end : end - at - 6);
}

}  // namespace driftd::models
