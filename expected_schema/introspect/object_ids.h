#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// By which numbers the server knows relations and columns. They are no part of a schema, as no two
/// databases agree on them; but while one stays, the object is the one that it was. Kept from look
/// to look of every database, so that an object costs 16 bytes and its name is kept as a hash.
class ObjectIds {
 public:
  /// An oid, and for a column the number that it has in its table: never given a second time.
  using Number = std::pair<std::uint32_t, int>;

  std::string database;  ///< which one: numbers of another mean nothing; empty: none was read
  bool commits_tracked = false;  ///< see commit_times()

  void add(const ObjectId& id, const Number& number);
  /// After the last add().
  void sort();
  std::optional<Number> find(const ObjectId& id) const;

 private:
  struct Entry {
    std::uint64_t name;
    std::uint32_t oid;
    std::int32_t column;
  };
  std::vector<Entry> entries_;  ///< sorted by name
};

/// What has this number now; nothing where it is gone.
std::optional<ObjectId> object_of(Snapshot& snapshot, const ObjectIds::Number& number);

/// Of all relations and columns outside the system's schemas. Two queries.
ObjectIds read_object_ids(Snapshot& snapshot, const std::string& system_identifier);

}  // namespace driftd
