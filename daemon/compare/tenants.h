#pragma once

#include <string>
#include <string_view>

#include "daemon/compare/drift.h"
#include "expected_schema/catalogue/by_schema.h"
#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

/// What each of many schemas should look like, out of one that has a name which no definition has
/// a word of.
class TenantPattern {
 public:
  /// `name`: that schema's. `expected` must outlive it.
  TenantPattern(const Expected& expected, std::string_view name);

  /// For the schema `identity`, as the server quotes it. Exact, but for names that change when they
  /// are quoted: see fits().
  Expected for_tenant(std::string_view identity) const;

  /// Whether for_tenant() is what PostgreSQL would say. It may not be of a name that has to be
  /// quoted, where the migrations put that into longer names, or that is quoted within literals.
  bool fits(std::string_view identity) const;

  std::size_t objects() const { return objects_.in(name_).size(); }

 private:
  std::string name_;
  int server_major_;
  BySchema objects_;
  bool in_words_;
};

/// The drift of the schema `identity`, as it would be of the schema `name`: drifts of several
/// schemas that are the same become equal. For people and for keys; no comparison rests on it.
Drift spoken_of(const Drift& drift, std::string_view identity, std::string_view name);

}  // namespace driftd
