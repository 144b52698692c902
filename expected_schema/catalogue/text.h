#pragma once

#include <string>

#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// The canonical text: a line `kind identity`, then an indented line `name: value` for each
/// property (line breaks in a value as `\n`), in catalogue order. Two catalogues are equal
/// exactly when their texts are.
std::string to_text(const Catalogue& catalogue);

}  // namespace driftd
