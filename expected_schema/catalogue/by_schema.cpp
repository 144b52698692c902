#include "expected_schema/catalogue/by_schema.h"

#include <algorithm>
#include <string>

namespace driftd {
namespace {

constexpr int deepest = 16;  // a comment on a column of a table is four deep

/// The schema that an object is in; empty: none. Brothers follow each other, so that the newest
/// answer is the next one most of the time.
class Roots {
 public:
  explicit Roots(const Catalogue& catalogue) : catalogue_(catalogue) {}

  std::string_view of(const Object& object, int depth = 0) {
    if (!object.has_parent() || depth > deepest) return {};
    if (object.parent_kind == "schema") return object.parent_identity;
    if (object.parent_kind == kind_ && object.parent_identity == identity_) return root_;
    const Object* parent = catalogue_.find(object.parent_kind, object.parent_identity);
    const std::string_view root =
        parent != nullptr ? of(*parent, depth + 1) : named_by(object.parent_identity);
    kind_ = object.parent_kind;
    identity_ = object.parent_identity;
    root_ = root;
    return root;
  }

 private:
  /// What contains it was not read: then the qualified name tells.
  std::string_view named_by(std::string_view identity) const {
    if (const auto on = identity.rfind(" on "); on != std::string_view::npos) {
      identity.remove_prefix(on + 4);
    }
    for (const Object& object : catalogue_.objects()) {
      if (object.kind != "schema" || !identity.starts_with(object.identity)) continue;
      if (identity.substr(object.identity.size()).starts_with('.')) return object.identity;
    }
    return {};
  }

  const Catalogue& catalogue_;
  std::string_view kind_;
  std::string_view identity_;
  std::string_view root_;
};

bool about_schema(const Object& object) {
  return object.parent_kind == "schema" &&
         (object.kind == "comment" || object.kind == "security label");
}

void append_replaced(std::string& result, std::string_view text, std::string_view from,
                     std::string_view to) {
  for (auto at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    result += text.substr(0, at);
    result += to;
    text.remove_prefix(at + from.size());
  }
  result += text;
}

/// The text with the other name, in a place of its own where that is needed.
std::string_view replaced(std::string_view text, std::string_view from, std::string_view to,
                          std::string& place) {
  if (text.find(from) == std::string_view::npos) return text;
  place.clear();
  append_replaced(place, text, from, to);
  return place;
}

bool of_a_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool within_a_word(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if (at > 0 && of_a_word(text[at - 1])) return true;
    if (end < text.size() && of_a_word(text[end])) return true;
  }
  return false;
}

}  // namespace

BySchema::BySchema(const Catalogue& catalogue) {
  Roots roots(catalogue);
  for (const Object& object : catalogue.objects()) {
    if (about_schema(object)) continue;
    const std::string_view root = roots.of(object);
    if (!root.empty()) objects_[root].push_back(&object);
  }
}

std::span<const Object* const> BySchema::in(std::string_view identity) const {
  const auto found = objects_.find(identity);
  if (found == objects_.end()) return {};
  return found->second;
}

Catalogue with_name(std::span<const Object* const> objects, int server_major, std::string_view from,
                    std::string_view to) {
  Catalogue::Builder builder(server_major);
  std::vector<Property> properties;
  std::vector<std::string> places;
  std::string identity;
  std::string parent;
  for (const Object* object : objects) {
    properties.assign(object->properties.begin(), object->properties.end());
    places.resize(std::max(places.size(), properties.size()));
    for (std::size_t i = 0; i < properties.size(); ++i) {
      properties[i].value = replaced(properties[i].value, from, to, places[i]);
    }
    builder.add(object->kind, replaced(object->identity, from, to, identity), object->parent_kind,
                replaced(object->parent_identity, from, to, parent), properties);
  }
  return std::move(builder).build();
}

bool within_words(std::span<const Object* const> objects, std::string_view name) {
  return std::ranges::any_of(objects, [&](const Object* object) {
    return within_a_word(object->identity, name) ||
           std::ranges::any_of(object->properties, [&](const Property& property) {
             return within_a_word(property.value, name);
           });
  });
}

bool as_literal(std::span<const Object* const> objects, std::string_view name) {
  const std::string literal = "'" + std::string(name) + "'";
  return std::ranges::any_of(objects, [&](const Object* object) {
    return std::ranges::any_of(object->properties, [&](const Property& property) {
      return std::string_view(property.value).find(literal) != std::string_view::npos;
    });
  });
}

}  // namespace driftd
