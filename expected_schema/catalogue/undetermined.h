#pragma once

#include <span>
#include <string>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// `index app.ix`, `default of column app.users.seen`.
std::string to_string(const Undetermined& undetermined);

/// The catalogue without what is undetermined, and without what such objects contain.
Catalogue without(const Catalogue& catalogue, std::span<const Undetermined> undetermined);

/// What a step made of a catalogue: an object that came or went whole, of one that stayed the
/// properties that are other ones. Only `object` and `properties` are filled in.
std::vector<Undetermined> changes(const Catalogue& before, const Catalogue& after);

}  // namespace driftd
