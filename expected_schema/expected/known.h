#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "expected_schema/base/error.h"
#include "expected_schema/base/provenance.h"
#include "expected_schema/expected/expected_schema.h"

namespace driftd {

/// What is known of an expected schema.
struct KnownSchema {
  ExpectedSchema schema;
  std::map<ObjectId, std::optional<Origin>> origins;  ///< nothing: no migration set it
};

/// Expected schemas by what they were derived from. Keeps the newest, and those that somebody
/// holds: hundreds of databases share what is alike. Not for several threads at once.
class KnownSchemas {
 public:
  /// What one is derived from; all but the database's name, which may make no difference.
  struct Key {
    std::string digest;
    std::string database;
  };

  /// Null where there is none.
  std::shared_ptr<KnownSchema> find(const Key& key);
  /// The digest that the schema of such a key has.
  static std::string digest(const Key& key, bool name_used);
  void add(const Key& key, bool name_used, std::shared_ptr<KnownSchema> schema);

  /// What was thrown less than a minute ago.
  std::optional<Error> refusal(const Key& key);
  void refuse(const Key& key, bool name_used, const Error& error);

 private:
  using Clock = std::chrono::steady_clock;
  struct Refusal {
    Error error;
    Clock::time_point when;
  };

  std::map<std::string, std::weak_ptr<KnownSchema>> by_digest_;
  std::list<std::shared_ptr<KnownSchema>> newest_;  // the newest first
  std::map<std::string, Refusal> refusals_;
};

}  // namespace driftd
