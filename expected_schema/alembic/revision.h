#pragma once

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
Revision read_revision(const std::string& file, const std::string& text);

/// The revisions of a script directory with valid links, each after all that it needs.
class RevisionGraph {
 public:
  /// Throws Error{History} with the file for: two files of one id, a down_revision or depends_on
  /// that no file has, a cycle.
  explicit RevisionGraph(std::vector<Revision> revisions);

  const std::vector<Revision>& revisions() const { return revisions_; }  ///< in replay order
  std::vector<std::string> heads() const;  ///< ids that no down_revision names

  /// The revision of an id; or of a prefix of at least four characters that only one id has, as
  /// Alembic allows. Null where there is none.
  const Revision* find(const std::string& id) const;

  /// The given revisions and all that they need, in replay order. Every id must be found.
  std::vector<const Revision*> ancestors(const std::vector<std::string>& ids) const;

 private:
  std::vector<Revision> revisions_;
};

}  // namespace driftd::alembic
