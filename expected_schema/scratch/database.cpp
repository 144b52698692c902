#include "expected_schema/scratch/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/scratch/given.h"
#include "expected_schema/scratch/private_directory.h"

namespace driftd {
namespace {

// CREATE DATABASE copies files and DROP DATABASE waits for a checkpoint.
const Limits limits{std::chrono::milliseconds(10000), std::chrono::milliseconds(120000)};

// The owner where the target names none, or one that cannot be created.
constexpr const char* default_owner = "driftd_scratch_owner";

std::string random_name() {
  std::random_device random;
  return fmt::format("{}{:08x}{:08x}", scratch_prefix, random(), random());
}

std::set<std::string> roles_of(Session& session) {
  const Rows rows = session.query("SELECT rolname FROM pg_roles");
  std::set<std::string> names;
  for (std::size_t row = 0; row < rows.size(); ++row) names.insert(rows.text(row, 0));
  return names;
}

// What CREATE ROLE refuses whatever the quotes.
bool is_reserved(const std::string& role) {
  return role.empty() || role == "public" || role == "none" || role.starts_with("pg_");
}

[[noreturn]] void refuse(const std::string& what, const Error& error) {
  throw Error(Reason::Scratch, fmt::format("{}: {}", what, error.message()), error.hint());
}

/// The folder of a database is named by its oid, and ext4 places it by its name: without this the
/// first database of every server would land among the files of the last server's first one
/// (see spread_folders_of).
std::string random_oid() {
  std::random_device random;
  std::uniform_int_distribution<unsigned> oids(1'000'000, 2'000'000'000);
  return fmt::format(" OID {}", oids(random));
}

void create_database(Session& session, const std::string& name, const std::string& owner,
                     const Target& target, const std::string& more,
                     std::vector<std::string>& notes) {
  const auto create = [&](const std::string& collate, const std::string& ctype) {
    session.execute(fmt::format(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}{}",
        quote_identifier(name), quote_identifier(owner),
        quote_literal(target.encoding.empty() ? "UTF8" : target.encoding), quote_literal(collate),
        quote_literal(ctype), more));
  };
  const std::string collate = target.collate.empty() ? "C" : target.collate;
  const std::string ctype = target.ctype.empty() ? "C" : target.ctype;
  try {
    create(collate, ctype);
    return;
  } catch (const Error& error) {
    if (error.reason() != Reason::Query || (collate == "C" && ctype == "C")) throw;
  }
  create("C", "C");
  notes.push_back(
      fmt::format("the scratch server has no locale {}, the scratch database has C",
                  collate == ctype ? collate : fmt::format("{} or {}", collate, ctype)));
}

}  // namespace

ScratchDatabase::ScratchDatabase(ScratchServer& server, const Target& target)
    : server_(server), target_(target) {
  try {
    Session session(server.admin("postgres"), limits);
    const std::set<std::string> present = roles_of(session);
    roles_before_.assign(present.begin(), present.end());
    create_roles(session, target);
    choose_name(session, target);
    server_.hold(name_);
    const bool spread = server.embedded() && server.major() >= oldest_with_oids;
    create_database(session, name_, owner_, target, spread ? random_oid() : "", notes_);
    session.execute(fmt::format("COMMENT ON DATABASE {} IS {}", quote_identifier(name_),
                                quote_literal(scratch_comment)));
  } catch (const Error& error) {
    remove();
    if (error.reason() == Reason::Scratch) throw;
    refuse("cannot make a scratch database", error);
  }
}

// Migrations may say GRANT ... ON DATABASE app. On a given server a name that is not ours to take
// could be another's the next moment.
void ScratchDatabase::choose_name(Session& session, const Target& target) {
  if (server_.embedded() && !target.database.empty()) {
    const Rows taken =
        session.query("SELECT FROM pg_database WHERE datname = $1", {target.database});
    if (taken.size() == 0) {
      name_ = target.database;
      return;
    }
  }
  name_ = random_name();
}

void ScratchDatabase::use_name() {
  if (std::exchange(name_used_, true) || target_.database.empty() || name_ == target_.database) {
    return;
  }
  note(
      fmt::format("the scratch database is not called {}; a migration that names its database "
                  "does not replay",
                  target_.database));
}

ScratchDatabase::~ScratchDatabase() {
  remove();
}

void ScratchDatabase::create_roles(Session& session, const Target& target) {
  std::set<std::string> wanted(target.roles.begin(), target.roles.end());
  owner_ = target.owner;
  if (is_reserved(owner_)) {
    if (!owner_.empty()) {
      notes_.push_back(fmt::format("no role can be called {}, the scratch database's owner is {}",
                                   owner_, default_owner));
    }
    owner_ = default_owner;
  }
  wanted.insert(owner_);
  std::vector<std::string> others;
  for (const std::string& role : wanted) {
    if (is_reserved(role)) {
      notes_.push_back(fmt::format("the role {} cannot be made on the scratch server", role));
      continue;
    }
    const bool is_owner = role == owner_;
    if (std::ranges::binary_search(roles_before_, role)) {
      const Rows rows = session.query("SELECT rolsuper FROM pg_roles WHERE rolname = $1", {role});
      const bool super = rows.size() > 0 && rows.text(0, 0) == "t";
      if (super && is_owner) {
        throw Error(Reason::Scratch,
                    fmt::format("the role {} owns the live database and is a superuser on the "
                                "scratch server, where migrations never run as one",
                                role),
                    "Remove scratch.conninfo to use an embedded server, or give a server where "
                    "that role is an ordinary one.");
      }
      if (super) continue;
    } else {
      // CREATEROLE: migrations make roles, and grant them.
      session.execute(fmt::format("CREATE ROLE {} {}", quote_identifier(role),
                                  is_owner ? "LOGIN CREATEROLE" : "NOLOGIN"));
      roles_made_.push_back(role);
    }
    if (!is_owner) others.push_back(quote_identifier(role));
  }
  // As a member of all of them the owner can give objects to them, as a superuser or a member
  // does on the live server. A role that is itself a member of the owner cannot be granted to it.
  for (const std::string& role : others) {
    try {
      session.execute(
          fmt::format("GRANT {} TO {} WITH ADMIN OPTION", role, quote_identifier(owner_)));
    } catch (const Error& error) {
      if (server_.embedded()) throw;
    }
  }
  if (!server_.embedded()) become_member(session);
}

// On a given server the admin takes on the owner's role, for which it must be a member of it.
void ScratchDatabase::become_member(Session& session) {
  const Rows rows = session.query("SELECT pg_has_role($1, 'MEMBER')", {owner_});
  if (rows.text(0, 0) != "t") {
    session.execute(fmt::format("GRANT {} TO CURRENT_USER", quote_identifier(owner_)));
  }
}

void ScratchDatabase::remove() noexcept {
  try {
    Session session(server_.admin("postgres"), limits);
    if (!name_.empty()) {
      session.execute(fmt::format("DROP DATABASE IF EXISTS {} {}", quote_identifier(name_),
                                  server_.major() >= 13 ? "WITH (FORCE)" : ""));
      server_.release(name_);
    }
    drop_roles(session);
  } catch (const std::exception&) {
    // The server is gone, and the database with it; or it becomes a leftover.
  }
}

// Roles belong to the server. What a migration created must not be there for the next replay; on a
// given server other people create roles as well, so only those made here go.
void ScratchDatabase::drop_roles(Session& session) {
  std::vector<std::string> names = roles_made_;
  if (server_.embedded()) {
    for (const std::string& role : roles_of(session)) {
      if (!role.starts_with("pg_") && !std::ranges::binary_search(roles_before_, role) &&
          std::ranges::find(names, role) == names.end()) {
        names.push_back(role);
      }
    }
  }
  for (const std::string& role : names) {
    try {
      session.execute("DROP ROLE IF EXISTS " + quote_identifier(role));
    } catch (const Error&) {
      // Another database of the server uses it; then that one's end drops it, or the server's.
    }
  }
}

void ScratchDatabase::note(const std::string& text) {
  if (std::ranges::find(notes_, text) == notes_.end()) notes_.push_back(text);
}

Endpoint ScratchDatabase::owner() const {
  return server_.as_role(name_, owner_);
}
Endpoint ScratchDatabase::admin() const {
  return server_.admin(name_);
}

}  // namespace driftd
