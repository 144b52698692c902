#include "daemon/ddl_log/attribute.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"

namespace driftd::ddl_log {
namespace {

/// The log keeps so many characters of a statement.
constexpr std::size_t longest = 2000;

enum class Sort { Structure, Comment, Label, Privilege, DefaultPrivilege };

Sort sort_of_tag(std::string_view tag) {
  if (tag == "COMMENT") return Sort::Comment;
  if (tag == "SECURITY LABEL") return Sort::Label;
  if (tag == "GRANT" || tag == "REVOKE") return Sort::Privilege;
  if (tag == "ALTER DEFAULT PRIVILEGES") return Sort::DefaultPrivilege;
  return Sort::Structure;
}

Sort sort_of_kind(std::string_view kind) {
  if (kind == "comment") return Sort::Comment;
  if (kind == "security label") return Sort::Label;
  if (kind == "privilege") return Sort::Privilege;
  if (kind == "default privilege") return Sort::DefaultPrivilege;
  return Sort::Structure;
}

std::string unquoted(std::string_view name) {
  if (!name.starts_with('"')) return std::string(name);
  std::string text;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    text += name[i];
    if (name[i] == '"') ++i;
  }
  return text;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether the text has the name as a whole word. Both in lower case.
bool mentions(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(name.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(name.back());
    if (begins && ends) return true;
  }
  return false;
}

/// Whether the text names the object of that identity, quoted or not. The text is in lower case.
bool names_it(std::string_view text, std::string_view identity) {
  const std::string name = lower(own_name(identity));
  return mentions(text, name) || mentions(text, unquoted(name));
}

/// What contains a column or an attribute, by the column's identity.
std::string without_last_name(const std::string& identity) {
  const std::string_view last = own_name(identity);
  if (last.size() + 1 >= identity.size() || !identity.ends_with(last)) return {};
  return identity.substr(0, identity.size() - last.size() - 1);
}

/// The names of one finding, by how near they are.
struct Names {
  std::vector<std::string> own;
  std::vector<std::string> around;
};

Names names(const Finding& finding) {
  const Drift& drift = finding.drift;
  Names found;
  if (sort_of_kind(drift.object.kind) == Sort::Structure) {
    found.own.push_back(drift.object.identity);
    for (const Difference& difference : drift.differences) {
      if (drift.kind == DriftKind::Renamed && difference.actual) {
        found.own.push_back(*difference.actual);
      }
    }
    if (drift.parent && drift.parent->kind != "schema") {
      found.around.push_back(drift.parent->identity);
      if (drift.parent->kind == "column") {
        found.around.push_back(without_last_name(drift.parent->identity));
      }
    }
  } else if (drift.parent) {
    found.own.push_back(drift.parent->identity);  // a comment, a privilege: what it is about
  }
  return found;
}

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return !one.empty() && std::ranges::find(list, one) != list.end();
}

/// A command that was sent as such, and is there as a whole: what it does not name it did not
/// touch.
bool tells_all(const Entry& entry) {
  if (!entry.by.statement || entry.by.statement->size() >= longest) return false;
  const std::string text = lower(trim(*entry.by.statement));
  return text.starts_with(lower(entry.by.tag.substr(0, entry.by.tag.find(' ')) + " "));
}

bool only_moved(const Drift& drift) {
  return drift.differences.size() == 1 && drift.differences.front().property == "position";
}

/// How well an entry fits: 0 not at all, 1 perhaps, 2 and 3 surely.
int fit(const Finding& finding, const Names& names, const Entry& entry) {
  const Sort sort = sort_of_kind(finding.drift.object.kind);
  const Sort said = sort_of_tag(entry.by.tag);
  const std::string text = lower(entry.by.statement.value_or(""));
  if (sort != Sort::Structure) {
    if (sort == Sort::DefaultPrivilege) return said == sort ? 2 : 0;
    if (said == Sort::Structure) return contains(names.own, entry.by.object) ? 1 : 0;
    if (said != sort) return 0;
    if (!entry.by.object.empty()) return contains(names.own, entry.by.object) ? 3 : 0;
    const bool named = std::ranges::any_of(
        names.own, [&](const std::string& name) { return names_it(text, name); });
    return named ? 3 : text.find(" in schema ") != std::string::npos ? 1 : 0;
  }
  if (said != Sort::Structure) return 0;
  if (contains(names.own, entry.by.object)) return 3;
  if (!contains(names.around, entry.by.object)) return 0;
  const bool named =
      std::ranges::any_of(names.own, [&](const std::string& name) { return names_it(text, name); });
  if (named) return 2;
  // PostgreSQL makes up names of constraints and indexes, but of no column.
  const bool column = finding.drift.object.kind == "column";
  return column && tells_all(entry) && !only_moved(finding.drift) ? 0 : 1;
}

/// Of equal fit: what made what is there too much, what dropped what is missing.
bool did_just_that(const Finding& finding, const Entry& entry) {
  switch (finding.drift.kind) {
    case DriftKind::Missing:
      return entry.dropped;
    case DriftKind::Unexpected:
      return entry.by.tag.starts_with("CREATE") || entry.by.tag == "SELECT INTO" ||
             entry.by.tag == "IMPORT FOREIGN SCHEMA";
    case DriftKind::Changed:
    case DriftKind::Renamed:
      return false;
  }
  return false;
}

}  // namespace

std::vector<std::string> names_of(const Finding& finding) {
  Names found = names(finding);
  found.own.insert(found.own.end(), found.around.begin(), found.around.end());
  return found.own;
}

std::optional<ChangedBy> changed_by(const Finding& finding, const std::vector<Entry>& entries) {
  const Names about = names(finding);
  const Entry* best = nullptr;
  int best_fit = 0;
  for (const Entry& entry : entries) {
    const int fits = fit(finding, about, entry);
    if (fits == 0 || fits < best_fit) continue;
    const bool better =
        fits > best_fit || (!did_just_that(finding, *best) && did_just_that(finding, entry));
    if (!better) continue;
    best = &entry;
    best_fit = fits;
  }
  if (best == nullptr) return std::nullopt;

  // One command has a row for each of its objects.
  const auto key = [](const Entry& entry) {
    return std::tuple(entry.transaction, entry.by.tag, entry.by.statement);
  };
  std::set<std::tuple<std::string, std::string, std::optional<std::string>>> others;
  for (const Entry& entry : entries) {
    if (fit(finding, about, entry) >= best_fit && key(entry) != key(*best)) {
      others.insert(key(entry));
    }
  }
  ChangedBy by = best->by;
  by.certain = best_fit > 1;
  by.others = others.size();
  return by;
}

}  // namespace driftd::ddl_log
