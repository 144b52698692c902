#pragma once

#include <functional>
#include <string>
#include <vector>

#include "expected_schema/base/statement.h"
#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// A part of a migration of which it is not known whether it ran.
struct OpenPart {
  std::string name;  ///< see ReplayOptions
  Statement first;
  Doubt doubt;
};

/// What a replay leaves in which only such parts ran as it says.
using ReplayWith =
    std::function<Catalogue(const std::function<bool(const std::string& part)>& runs)>;

/// Adds to `undetermined` what is otherwise where no part ran, where one alone did, and where all
/// but one did: what depends on them further on, whatever it asks. `all`: where all ran. An outcome
/// that does not replay cannot have been. Throws Error{NotUnderstood} where there are more than ten
/// parts, and what replays throw besides.
void add_other_outcomes(const Catalogue& all, const std::vector<OpenPart>& parts,
                        const ReplayWith& replay_with, std::vector<Undetermined>& undetermined);

}  // namespace driftd
