#include "expected_schema/catalogue/names.h"

#include <vector>

namespace driftd {
namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// The length of the plain or quoted name at the front, or 0.
std::size_t name_length(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t i = 0;
  if (text[0] != '"') {
    while (i < text.size() && is_name_byte(text[i])) ++i;
    return i;
  }
  for (i = 1; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    if (i + 1 == text.size() || text[i + 1] != '"') return i + 1;
    ++i;
  }
  return 0;  // no closing quote: not a name
}

/// The length of the dotted name at the front, or 0; `ends` gets the end of each of its parts.
std::size_t dotted_length(std::string_view text, std::vector<std::size_t>& ends) {
  ends.clear();
  std::size_t end = name_length(text);
  while (end > 0) {
    ends.push_back(end);
    if (end >= text.size() || text[end] != '.') break;
    const std::size_t next = name_length(text.substr(end + 1));
    if (next == 0) break;
    end += 1 + next;
  }
  return ends.empty() ? 0 : ends.back();
}

}  // namespace

std::string_view own_name(std::string_view identity) {
  std::vector<std::size_t> ends;
  const std::size_t length = dotted_length(identity, ends);
  if (length == 0) return identity;
  const std::size_t begin = ends.size() > 1 ? ends[ends.size() - 2] + 1 : 0;
  return identity.substr(begin, length - begin);
}

std::string_view dotted_name(std::string_view identity) {
  std::vector<std::size_t> ends;
  const std::size_t length = dotted_length(identity, ends);
  if (length < identity.size() && identity[length] != '(') return {};
  return identity.substr(0, length);
}

void Substitution::add_dotted(std::string_view from, std::string_view to) {
  if (!from.empty()) dotted_.emplace(from, to);
}

void Substitution::add_bare(std::string_view from, std::string_view to) {
  if (!from.empty()) bare_.emplace(from, to);
}

void Substitution::append_name(std::string& result, std::string_view name, bool in_literal) const {
  std::vector<std::size_t> ends;
  dotted_length(name, ends);
  for (std::size_t i = ends.size(); i-- > 0;) {
    const auto known = dotted_.find(name.substr(0, ends[i]));
    if (known == dotted_.end()) continue;
    result += known->second;
    result += name.substr(ends[i]);
    return;
  }
  const std::size_t last = ends.size() > 1 ? ends[ends.size() - 2] + 1 : 0;
  const auto known = in_literal ? bare_.end() : bare_.find(name.substr(last));
  result += name.substr(0, last);
  result += known == bare_.end() ? name.substr(last) : std::string_view(known->second);
}

std::string Substitution::apply(std::string_view text) const {
  std::string result;
  result.reserve(text.size());
  std::vector<std::size_t> ends;
  bool in_literal = false;
  while (!text.empty()) {
    const std::size_t length = dotted_length(text, ends);
    if (length > 0) {
      append_name(result, text.substr(0, length), in_literal);
      text.remove_prefix(length);
      continue;
    }
    if (text[0] == '\'') in_literal = !in_literal;
    result += text[0];
    text.remove_prefix(1);
  }
  return result;
}

}  // namespace driftd
