#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "expected_schema/base/error.h"

namespace driftd::alembic {

/// A revision file's identity, as its module-level names say it (Alembic's tutorial, "Create a
/// Migration Script"). The body is not looked at.
struct Revision {
  std::string id;
  std::vector<std::string> down_revisions;  ///< none: a base; several: a merge
  std::vector<std::string> depends_on;      ///< ids, partial ids or labels, as written
  std::vector<std::string> branch_labels;
  std::string message;  ///< first line of the docstring
  std::string file;
  std::string digest;  ///< of the file's bytes
  Place place;         ///< of the `revision = ` line
};

/// Reads a revision from a file's text. Throws Error{NotUnderstood} where `revision` or
/// `down_revision` is missing or no text.
Revision read_revision(const std::string& file, const std::string& text,
                       const std::vector<std::string>& import_roots = {});

/// The revisions of a script directory with valid links, each after all that it needs.
///
/// Replay order is the order in which `alembic upgrade` from an empty database runs them (Alembic's
/// RevisionMap in 1.8.1). It follows the links and, between heads, the order in which
/// the files are read. Where several depends_on of a revision are left to choose from, Alembic
/// takes them in any order; here they go as written.
class RevisionGraph {
 public:
  /// Takes the revisions in the order of reading. Throws Error{History} with the file for: two
  /// files of one id, a down_revision or depends_on that no file has, a cycle.
  explicit RevisionGraph(std::vector<Revision> revisions);

  const std::vector<Revision>& revisions() const { return revisions_; }  ///< as by `upgrade heads`
  std::vector<std::string> heads() const;  ///< ids that no down_revision names

  /// The revision of an id; or of a prefix of at least four characters that only one id has, as
  /// Alembic allows. Null where there is none.
  const Revision* find(const std::string& id) const;

  /// The given revisions and all that they need, in the replay order of an upgrade to just these.
  /// Every id must be found.
  std::vector<const Revision*> ancestors(const std::vector<std::string>& ids) const;

 private:
  std::vector<Revision> revisions_;
  std::vector<std::size_t> read_;    ///< by place in revisions_: the place in the order of reading
  std::vector<std::size_t> places_;  ///< the other way
  std::vector<std::vector<std::size_t>> parents_;  ///< in the order of reading
};

}  // namespace driftd::alembic
