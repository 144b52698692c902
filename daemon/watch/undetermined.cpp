#include "daemon/watch/undetermined.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/catalogue/names.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/introspect/groups.h"

namespace driftd {
namespace {

/// `app` of `app.users.email`, and of `users_pkey on app.users`; empty: it is in no schema.
std::string_view schema_of(std::string_view identity) {
  constexpr std::string_view on = " on ";
  if (const auto at = identity.find(on); at != std::string_view::npos) {
    identity = identity.substr(at + on.size());
  }
  const std::string_view own = own_name(identity);
  if (own.data() == identity.data()) return {};
  std::string_view schema =
      identity.substr(0, static_cast<std::size_t>(own.data() - identity.data()) - 1);
  while (true) {
    const std::string_view last = own_name(schema);
    if (last.data() == schema.data()) return schema;
    schema = schema.substr(0, static_cast<std::size_t>(last.data() - schema.data()) - 1);
  }
}

bool in_scope(const Undetermined& one, const Catalogue& catalogue, const Scope& scope) {
  const auto read = [&](Group group) {
    return scope.groups.empty() ||
           std::ranges::find(scope.groups, name_of(group)) != scope.groups.end();
  };
  const bool any = one.properties.empty()
                       ? read(group_of(one.object.kind))
                       : std::ranges::any_of(one.properties, [&](const std::string& property) {
                           return read(group_of(one.object.kind, property));
                         });
  const std::string_view schema = schema_of(one.object.identity);
  // Of a name that is quoted it is not tried to tell the schema.
  return any && (schema.empty() || one.object.identity.find('"') != std::string::npos ||
                 catalogue.find("schema", schema) != nullptr);
}

}  // namespace

std::vector<Unread> undetermined_parts(const Expected& expected, const Scope& scope) {
  std::vector<Unread> parts;
  std::set<std::string> told;
  for (const Undetermined& one : expected.undetermined) {
    if (!in_scope(one, expected.catalogue, scope)) continue;
    Unread part;
    part.object = to_string(one);
    if (!told.insert(part.object).second) continue;
    part.message = fmt::format("migration {}: {}", one.revision, one.why);
    part.hint = ways_out(one);
    part.place = one.place;
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace driftd
