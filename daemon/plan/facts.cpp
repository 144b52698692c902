#include "daemon/plan/facts.h"

#include <algorithm>

#include "daemon/plan/python_text.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"

namespace driftd::plan {
namespace {

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return std::string(name);
  std::string plain;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    plain += name[i];
    if (name[i] == '"') ++i;
  }
  return plain;
}

bool is_plain(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

std::string Name::keyword() const {
  return schema == "public" || schema.empty() ? std::string() : ", schema=" + quoted(schema);
}

std::string Name::sql() const {
  constexpr std::string_view left_out = "public.";
  return identity.starts_with(left_out) ? identity.substr(left_out.size()) : identity;
}

Name name_of(std::string_view identity) {
  const std::string_view own = own_name(identity);
  std::string_view rest = identity.substr(0, identity.size() - own.size());
  if (rest.ends_with('.')) rest.remove_suffix(1);
  return {unquoted(rest), unquoted(own), std::string(identity)};
}

std::string own_sql_of(std::string_view identity) {
  return std::string(own_name(identity));
}

std::string own_name_of(std::string_view identity) {
  return unquoted(own_name(identity));
}

std::string fact(const Object& object, std::string_view property) {
  return std::string(object.property(property).value_or(""));
}

bool is_true(const Object& object, std::string_view property) {
  return object.property(property) == "true";
}

std::vector<const Object*> parts_of(const Catalogue& catalogue, std::string_view kind,
                                    std::string_view parent) {
  std::vector<const Object*> parts;
  for (const Object& object : catalogue.objects()) {
    if (object.kind == kind && object.parent_identity == parent) parts.push_back(&object);
  }
  if (kind == "column") {
    std::ranges::stable_sort(
        parts, {}, [](const Object* column) { return std::stoi("0" + fact(*column, "position")); });
  }
  return parts;
}

std::optional<std::vector<std::string>> plain_names(std::string_view list) {
  if (!list.starts_with('(') || !list.ends_with(')')) return std::nullopt;
  std::vector<std::string> names;
  for (const std::string& item : split(std::string(list.substr(1, list.size() - 2)), ',')) {
    const std::string name(trim(item));
    const bool quoted = name.size() > 2 && name.starts_with('"') && name.ends_with('"') &&
                        name.find('"', 1) == name.size() - 1;
    if (!quoted && !is_plain(name)) return std::nullopt;
    names.push_back(unquoted(name));
  }
  return names;
}

}  // namespace driftd::plan
