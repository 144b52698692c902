#include "expected_schema/catalogue/undetermined.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// Which objects are, or are in, one that is undetermined as a whole.
class Contained {
 public:
  Contained(const Catalogue& catalogue, std::set<ObjectId> whole)
      : catalogue_(catalogue), whole_(std::move(whole)) {}

  bool has(const Object& object) {
    if (whole_.contains(object.id())) return true;
    if (!object.has_parent()) return false;
    if (whole_.contains(object.parent())) return true;
    const Object* parent = catalogue_.find(object.parent_kind, object.parent_identity);
    if (parent == nullptr || parent == &object) return false;
    const auto [at, added] = known_.try_emplace(parent, false);
    if (added) {
      const bool found = has(*parent);
      known_[parent] = found;
      return found;
    }
    return at->second;
  }

 private:
  const Catalogue& catalogue_;
  std::set<ObjectId> whole_;
  std::map<const Object*, bool> known_;
};

std::vector<std::string> changed_properties(const Object& before, const Object& after) {
  std::vector<std::string> names;
  for (const Property& property : before.properties) {
    if (after.property(property.name) != property.value) names.emplace_back(property.name);
  }
  for (const Property& property : after.properties) {
    if (!before.property(property.name)) names.emplace_back(property.name);
  }
  return names;
}

}  // namespace

std::string to_string(const Undetermined& undetermined) {
  const std::string object = to_string(undetermined.object);
  if (undetermined.properties.empty()) return object;
  return join(undetermined.properties, ", ") + " of " + object;
}

std::string ways_out(const Undetermined& undetermined) {
  constexpr const char* other =
      "Or write what it did to this database into a file of SQL, and name that under "
      "migrations.substitutes.";
  return undetermined.hint.empty() ? other : undetermined.hint + " " + other;
}

Catalogue without(const Catalogue& catalogue, std::span<const Undetermined> undetermined) {
  std::set<ObjectId> whole;
  std::map<ObjectId, std::set<std::string, std::less<>>> parts;
  for (const Undetermined& one : undetermined) {
    if (one.properties.empty()) {
      whole.insert(one.object);
    } else {
      parts[one.object].insert(one.properties.begin(), one.properties.end());
    }
  }
  Contained contained(catalogue, std::move(whole));
  Catalogue::Builder builder(catalogue.server_major());
  std::vector<Property> kept;
  for (const Object& object : catalogue.objects()) {
    if (contained.has(object)) continue;
    const auto part = parts.empty() ? parts.end() : parts.find(object.id());
    if (part == parts.end()) {
      builder.add(object.kind, object.identity, object.parent_kind, object.parent_identity,
                  object.properties);
      continue;
    }
    kept.clear();
    std::ranges::copy_if(
        object.properties, std::back_inserter(kept),
        [&](const Property& property) { return !part->second.contains(property.name); });
    builder.add(object.kind, object.identity, object.parent_kind, object.parent_identity, kept);
  }
  return std::move(builder).build();
}

std::vector<Undetermined> changes(const Catalogue& before, const Catalogue& after) {
  std::vector<Undetermined> all;
  const auto add = [&](const Object& object, std::vector<std::string> properties) {
    Undetermined& one = all.emplace_back();
    one.object = object.id();
    one.properties = std::move(properties);
  };
  for (const Object& object : before.objects()) {
    const Object* same = after.find(object.kind, object.identity);
    if (same == nullptr || same->parent() != object.parent()) {
      add(object, {});
    } else if (auto names = changed_properties(object, *same); !names.empty()) {
      add(object, std::move(names));
    }
  }
  for (const Object& object : after.objects()) {
    if (before.find(object.kind, object.identity) == nullptr) add(object, {});
  }
  return all;
}

void refuse_undetermined(std::span<const Undetermined> undetermined) {
  if (undetermined.empty()) return;
  const Undetermined& one = undetermined.front();
  throw Error(
      Reason::NotUnderstood,
      "migration " + one.revision + " leaves open what " + to_string(one) + " is: " + one.why,
      ways_out(one), one.place);
}

}  // namespace driftd
