#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/publish/publish.h"

namespace driftd {

/// Why one object is expected to be as it is, and whether it is.
struct Explanation {
  struct Fact {
    std::string property;
    std::string value;
    std::optional<Provenance> by;
  };
  struct Part {
    ObjectId object;
    std::optional<Provenance> by;
  };
  ObjectId object;
  bool traced = true;     ///< false: a command made the schema; which migration did what nobody saw
  bool expected = false;  ///< the migrations leave it there
  std::optional<Provenance> by;   ///< what last set it or, where it is not expected, dropped it
  std::vector<Fact> facts;        ///< of an expected object
  std::vector<Part> parts;        ///< what is directly in it
  std::vector<Finding> findings;  ///< about it, or about what it is in or what is in it
};

/// What `explain` prints for a person.
std::string terminal_text(const Explanation& explanation, const TerminalStyle& style);
/// `explain --format json`. Versioned: `"schema_version": 1`.
std::string json_text(const std::vector<Explanation>& explanations);

}  // namespace driftd
