#include "expected_schema/expected/known.h"

#include <algorithm>

#include "expected_schema/base/digest.h"

namespace driftd {
namespace {

// Of each watched history the applied part and the whole, for a handful of databases; beyond them
// whoever watches keeps what it needs.
constexpr std::size_t most_kept = 16;
constexpr std::chrono::seconds refusal_lasts{60};

}  // namespace

std::string KnownSchemas::digest(const Key& key, bool name_used) {
  return name_used ? Digest().add(key.digest).add(key.database).hex() : key.digest;
}

std::shared_ptr<KnownSchema> KnownSchemas::find(const Key& key) {
  for (const bool name_used : {false, true}) {
    const auto found = by_digest_.find(digest(key, name_used));
    if (found == by_digest_.end()) continue;
    auto schema = found->second.lock();
    if (!schema) {
      by_digest_.erase(found);
      continue;
    }
    std::erase(newest_, schema);
    newest_.push_front(schema);
    if (newest_.size() > most_kept) newest_.pop_back();
    return schema;
  }
  return nullptr;
}

void KnownSchemas::add(const Key& key, bool name_used, std::shared_ptr<KnownSchema> schema) {
  std::erase_if(by_digest_, [](const auto& entry) { return entry.second.expired(); });
  by_digest_[digest(key, name_used)] = schema;
  newest_.push_front(std::move(schema));
  if (newest_.size() > most_kept) newest_.pop_back();
}

std::optional<Error> KnownSchemas::refusal(const Key& key) {
  std::erase_if(refusals_,
                [](const auto& entry) { return Clock::now() - entry.second.when > refusal_lasts; });
  for (const bool name_used : {false, true}) {
    const auto found = refusals_.find(digest(key, name_used));
    if (found != refusals_.end()) return found->second.error;
  }
  return std::nullopt;
}

void KnownSchemas::refuse(const Key& key, bool name_used, const Error& error) {
  refusals_.insert_or_assign(digest(key, name_used), Refusal{error, Clock::now()});
}

}  // namespace driftd
