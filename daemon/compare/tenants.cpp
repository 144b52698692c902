#include "daemon/compare/tenants.h"

namespace driftd {
namespace {

bool of_a_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '"' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// `qualifies`: only where it stands before a dot.
std::string with_name(std::string_view text, std::string_view identity, std::string_view name,
                      bool qualifies) {
  std::string result;
  std::size_t from = 0;
  for (auto at = text.find(identity); at != std::string_view::npos;
       at = text.find(identity, at + 1)) {
    const auto end = at + identity.size();
    const char before = at == 0 ? ' ' : text[at - 1];
    const char after = end == text.size() ? ' ' : text[end];
    if (at < from || of_a_word(before) || before == '.' || of_a_word(after)) continue;
    if (qualifies && after != '.') continue;
    result += text.substr(from, at - from);
    result += name;
    from = end;
  }
  result += text.substr(from);
  return result;
}

}  // namespace

TenantPattern::TenantPattern(const Expected& expected, std::string_view name)
    : name_(name),
      server_major_(expected.catalogue.server_major()),
      objects_(expected.catalogue),
      in_words_(within_words(objects_.in(name), name) || as_literal(objects_.in(name), name)) {}

Expected TenantPattern::for_tenant(std::string_view identity) const {
  return Expected{with_name(objects_.in(name_), server_major_, name_, identity)};
}

bool TenantPattern::fits(std::string_view identity) const {
  if (!identity.starts_with('"')) return true;
  return !in_words_ && identity.find_first_of("'\\\n\r") == std::string_view::npos &&
         identity.find('"', 1) == identity.size() - 1;
}

Drift spoken_of(const Drift& drift, std::string_view identity, std::string_view name) {
  Drift said = drift;
  const bool qualifies = said.object.kind != "default privilege";
  said.object.identity = with_name(said.object.identity, identity, name, qualifies);
  for (auto* other : {&said.parent, &said.like}) {
    if (!*other) continue;
    const bool in_schema = (*other)->kind != "schema";
    (*other)->identity = with_name((*other)->identity, identity, name, in_schema);
  }
  for (auto* list : {&said.differences, &said.properties}) {
    for (Difference& difference : *list) {
      for (auto* value : {&difference.expected, &difference.actual}) {
        if (*value) **value = with_name(**value, identity, name, false);
      }
    }
  }
  return said;
}

}  // namespace driftd
