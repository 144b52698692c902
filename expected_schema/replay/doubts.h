#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/base/statement.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/introspect/object_ids.h"
#include "expected_schema/postgres/session.h"

namespace driftd {

/// What of the schema is undetermined, since it is not known whether statements ran: found by
/// running them, and by what the catalogue has then that it had not before.
///
/// What later statements make of it is not seen here: see ExpectedSchemas, which replays otherwise.
/// What was there in doubt is followed by the server's numbers when a later migration gives it, or
/// what contains it, another name; what a later migration drops for certain is determined again.
class Doubts {
 public:
  explicit Doubts(std::string owner) : owner_(std::move(owner)) {}

  /// Runs it between two looks at the catalogue. False: `run` threw; the caller has to take back
  /// what was done.
  bool run(Session& session, bool in_transaction, const Statement& statement, const Doubt& doubt,
           const std::function<void()>& run);
  /// What ran since the last run() was certain.
  void certain() { group_.reset(); }

  /// As the objects are called now; what is undetermined in two ways is there twice. Marks that
  /// came after the first `known` ones only.
  std::vector<Undetermined> now(Session& session, bool in_transaction, std::size_t known = 0) const;
  std::size_t size() const { return marks_.size(); }

 private:
  struct Mark {
    Undetermined about;
    bool there = false;        ///< after the statement, as it was run here
    bool placeholder = false;  ///< its default stands for one that is not known
    std::optional<ObjectIds::Number> number;
    ObjectId container;  ///< the nearest that has a number; no kind: none has
    std::optional<ObjectIds::Number> container_number;
  };
  struct Group {
    std::size_t id = 0;
    std::size_t first = 0;  ///< of its marks
    std::shared_ptr<const Catalogue> before;
    ObjectIds ids;  ///< before
    std::shared_ptr<const Catalogue> after;
  };
  struct State {
    std::shared_ptr<const Catalogue> catalogue;
    ObjectIds ids;
  };

  State look(Session& session, bool in_transaction) const;
  void mark(const State& before, const State& after, const Statement& statement,
            const Doubt& doubt);

  std::string owner_;
  std::vector<Mark> marks_;
  std::optional<Group> group_;
};

}  // namespace driftd
