#include <fmt/format.h>

#include <algorithm>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/look.h"
#include "daemon/log/log.h"
#include "daemon/publish/explanation.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

using Origins = std::map<ObjectId, Origin>;

/// `users`, `public.users` and `table public.users` all mean the table.
bool means(const std::string& words, const ObjectId& id) {
  return words == id.identity || words == to_string(id) || "public." + words == id.identity;
}

/// The objects that the words name, the expected ones first.
std::vector<ObjectId> named(const std::string& words, const Catalogue& expected,
                            const std::vector<Finding>& findings) {
  std::vector<ObjectId> ids;
  for (const Object& object : expected.objects()) {
    if (means(words, object.id())) ids.push_back(object.id());
  }
  for (const Finding& finding : findings) {
    const ObjectId& id = finding.drift.object;
    const bool meant = finding.fingerprint == words || means(words, id);
    if (meant && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

[[noreturn]] void refuse(const std::string& words, const Catalogue& expected) {
  std::vector<std::string> known;
  for (const Object& object : expected.objects()) known.emplace_back(object.identity);
  std::string best = nearest(words, known);
  if (best.empty()) best = nearest("public." + words, known);
  throw Error(Reason::Settings, fmt::format("no object and no finding is called {}", words),
              best.empty() ? "Name an object as findings do, such as public.users.email, or a "
                             "finding by its 16 digits."
                           : fmt::format("Did you mean {}?", best));
}

/// The object and all that contains it.
std::vector<ObjectId> upwards(const ObjectId& id, const Catalogue& expected) {
  std::vector<ObjectId> chain{id};
  const Object* object = expected.find(id.kind, id.identity);
  while (object != nullptr && object->has_parent() && chain.size() < 10) {
    chain.push_back(object->parent());
    object = expected.find(object->parent_kind, object->parent_identity);
  }
  return chain;
}

/// A finding about the object, about something directly in it, or about what it went with.
bool concerns(const Finding& finding, const std::vector<ObjectId>& chain) {
  const Drift& drift = finding.drift;
  if (drift.object == chain.front() || drift.parent == chain.front()) return true;
  return drift.kind == DriftKind::Missing && std::ranges::find(chain, drift.object) != chain.end();
}

Explanation explained(const ObjectId& id, const Catalogue& expected, const Origins& origins,
                      const std::vector<Finding>& findings) {
  const auto origin_of = [&](const ObjectId& of) {
    const auto found = origins.find(of);
    return found == origins.end() ? nullptr : &found->second;
  };
  Explanation result;
  result.object = id;
  const Origin* origin = origin_of(id);
  if (origin != nullptr) result.by = origin->last;
  const Object* object = expected.find(id.kind, id.identity);
  result.expected = object != nullptr;
  if (object != nullptr) {
    for (const Property& property : object->properties) {
      Explanation::Fact& fact = result.facts.emplace_back();
      fact.property = property.name;
      fact.value = property.value;
      if (origin == nullptr) continue;
      const auto set = origin->properties.find(property.name);
      if (set != origin->properties.end()) fact.by = set->second;
    }
  }
  for (const Object& part : expected.objects()) {
    if (!part.has_parent() || part.parent() != id) continue;
    const Origin* made = origin_of(part.id());
    result.parts.push_back({part.id(), made ? std::optional(made->last) : std::nullopt});
  }
  const std::vector<ObjectId> chain = upwards(id, expected);
  std::ranges::copy_if(findings, std::back_inserter(result.findings),
                       [&](const Finding& finding) { return concerns(finding, chain); });
  return result;
}

}  // namespace

int explain(const CommandLine& command_line) {
  const Settings settings = effective_settings(command_line.overrides);
  log::configure(log::parse_level(settings.log.level), log::parse_format(settings.log.format));
  if (settings.databases.size() != 1) {
    throw Error(Reason::Settings, "explain speaks of one database, and the settings name several",
                "Give --database and --migrations.");
  }
  const DatabaseSettings& database = settings.databases.front();
  std::vector<Explanation> explanations;
  {
    const Companion companion;
    ExpectedSchemas schemas(database.scratch);
    LookMemory memory;
    const Published state = look(database, schemas, memory, companion.stop());
    if (state.unknown) return print({std::make_shared<const Published>(state)}, command_line);
    const std::vector<Finding>& findings = state.last_good->findings;
    const auto schema =
        schemas.of(*memory.applied, memory.target, expected_scope(database), companion.stop());
    const Catalogue& expected = schema->expected.catalogue;
    const std::vector<ObjectId> ids = named(command_line.object, expected, findings);
    if (ids.empty()) refuse(command_line.object, expected);
    std::vector<ObjectId> wanted = ids;
    for (const Object& part : expected.objects()) {
      if (part.has_parent() && std::ranges::find(ids, part.parent()) != ids.end()) {
        wanted.push_back(part.id());
      }
    }
    const Origins origins = schemas.origins(*memory.applied, memory.target,
                                            expected_scope(database), wanted, companion.stop());
    for (const ObjectId& id : ids) {
      explanations.push_back(explained(id, expected, origins, findings));
      explanations.back().traced = !memory.applied->command;
    }
  }
  if (command_line.format == Format::Json) {
    fmt::print("{}", json_text(explanations));
  } else {
    for (const Explanation& one : explanations) {
      fmt::print("{}", terminal_text(one, terminal_style(command_line)));
    }
  }
  const bool as_expected = std::ranges::all_of(
      explanations, [](const Explanation& one) { return one.findings.empty(); });
  return as_expected ? 0 : 2;
}

}  // namespace driftd
