#pragma once

#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// All that differs, sorted by object. Pure: equal catalogues give nothing, and swapping the sides
/// swaps Missing and Unexpected.
///
/// - What a missing or unexpected object contains (its parent chain leads there) is folded into it.
/// - What an object gains or loses as it leaves its parent (a partition that is detached) is folded
///   into the drift that says so.
/// - The property `position` counts only relative to the brothers that both sides have: a column
///   that was dropped or added moves nobody, a column that sits elsewhere is one drift.
/// - A missing and an unexpected object of one kind, one parent and equal properties (children
///   included), with no other candidate for either, are one Renamed.
/// - What is undetermined is not compared, nor what such objects contain on either side.
/// - Which partitions lack an index is told where it is expected on all of them.
/// Throws Error{ServerVersion} when the two were read from servers of different majors.
std::vector<Drift> compare(const Expected& expected, const Actual& actual);

}  // namespace driftd
