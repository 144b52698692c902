#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// The objects of a catalogue by the schema that they are in, directly or by what contains them.
/// What is in no schema (extensions, publications) is left out, and so is what is said of a schema
/// itself and not of something in it: its owner, its comment.
class BySchema {
 public:
  /// The catalogue must outlive it.
  explicit BySchema(const Catalogue& catalogue);

  /// In catalogue order; none where there is no such schema. `identity`: as the catalogue has it.
  std::span<const Object* const> in(std::string_view identity) const;

 private:
  std::map<std::string_view, std::vector<const Object*>, std::less<>> objects_;
};

/// A catalogue of these objects, in all of whose texts `to` stands wherever `from` stood.
Catalogue with_name(std::span<const Object* const> objects, int server_major, std::string_view from,
                    std::string_view to);

/// Whether `name` stands anywhere in the texts of these objects as a part of a longer word.
bool within_words(std::span<const Object* const> objects, std::string_view name);

/// Whether the name is a string constant of one of them, where it stands without quotes of its own.
bool as_literal(std::span<const Object* const> objects, std::string_view name);

}  // namespace driftd
