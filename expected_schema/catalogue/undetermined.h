#pragma once

#include <span>
#include <string>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// `index app.ix`, `default of column app.users.seen`.
std::string to_string(const Undetermined& undetermined);

/// Its hint, and what else a reader can do about it.
std::string ways_out(const Undetermined& undetermined);

/// The catalogue without what is undetermined, and without what such objects contain.
Catalogue without(const Catalogue& catalogue, std::span<const Undetermined> undetermined);

/// What a step made of a catalogue: an object that came or went whole, of one that stayed the
/// properties that are other ones. Only `object` and `properties` are filled in.
std::vector<Undetermined> changes(const Catalogue& before, const Catalogue& after);

/// Throws Error{NotUnderstood} for the first of them: for what has no way to tell of objects of
/// which it is not known what they should be.
void refuse_undetermined(std::span<const Undetermined> undetermined);

}  // namespace driftd
