#pragma once

#include <set>
#include <string>
#include <vector>

#include "expected_schema/introspect/introspect.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// An empty database on a scratch server that is like the live one in encoding, locale, roles and
/// owner. Dropped at the end of its life, with the roles that came with it.
class ScratchDatabase {
 public:
  /// Creates missing roles (NOLOGIN, but for the owner). The owner is no superuser here, whatever
  /// it is on the live server. A locale that this machine lacks is replaced by "C" of the same
  /// encoding, and noted. The owner may create roles and is a member of all others, so that it can
  /// give objects to them. On an embedded server it has the live database's name where that is
  /// free; where it has not, that is noted once the name is used.
  ScratchDatabase(ScratchServer& server, const Target& target);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& name() const { return name_; }
  Endpoint owner() const;  ///< the role that replays
  Endpoint admin() const;
  const std::string& owner_role() const { return owner_; }
  /// False on a given server, where the admin logs in and takes on the owner's role.
  bool logs_in_as_owner() const { return server_.embedded(); }
  const Target& target() const { return target_; }
  const std::vector<std::string>& notes() const { return notes_; }
  /// Adds what a reader should know of the scratch database; once, however often it is said.
  void note(const std::string& text);
  /// Extensions that are not installed here in the version that the catalogue gives them: what
  /// they made says nothing about the live database.
  const std::vector<std::string>& foreign_extensions() const { return foreign_extensions_; }
  void add_foreign_extension(const std::string& name) { foreign_extensions_.push_back(name); }
  /// What is replayed may depend on what the database is called.
  void use_name();
  bool name_used() const { return name_used_; }
  /// The extensions whose version a migration names; of others the live database's is right.
  std::set<std::string>& versions_named() { return versions_named_; }

 private:
  void choose_name(Session& session, const Target& target);
  void create_roles(Session& session, const Target& target);
  void become_member(Session& session);
  void drop_roles(Session& session);
  void remove() noexcept;

  ScratchServer& server_;
  Target target_;
  std::string name_;
  std::string owner_;
  std::vector<std::string> notes_;
  std::vector<std::string> foreign_extensions_;
  std::set<std::string> versions_named_;
  bool name_used_ = false;
  std::vector<std::string> roles_before_;  // sorted
  std::vector<std::string> roles_made_;
};

}  // namespace driftd
