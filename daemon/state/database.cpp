#include "daemon/state/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "expected_schema/base/error.h"

namespace driftd::state {
namespace {

constexpr int newest_layout = 3;

/// What each layout adds to the one before.
constexpr const char* steps[newest_layout] = {R"sql(
CREATE TABLE finding (
  database TEXT NOT NULL, comparison TEXT NOT NULL, fingerprint TEXT NOT NULL,
  state TEXT NOT NULL, "values" TEXT NOT NULL, first_seen INTEGER NOT NULL,
  kind TEXT NOT NULL, object TEXT NOT NULL, drift TEXT NOT NULL, impact TEXT NOT NULL,
  PRIMARY KEY (database, comparison, fingerprint)
) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY, database TEXT NOT NULL, comparison TEXT NOT NULL, at INTEGER NOT NULL,
  event TEXT NOT NULL, fingerprint TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL,
  drift TEXT NOT NULL, impact TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX event_by_database ON event (database, id);
CREATE TABLE applied (
  database TEXT NOT NULL, revision TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (database, revision)
) WITHOUT ROWID;
)sql",
                                              R"sql(
ALTER TABLE event ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
CREATE TABLE changed_by (
  database TEXT NOT NULL, comparison TEXT NOT NULL, fingerprint TEXT NOT NULL,
  at INTEGER NOT NULL, login_role TEXT NOT NULL, acting_role TEXT NOT NULL,
  application TEXT NOT NULL, client TEXT NOT NULL, pid INTEGER NOT NULL, tag TEXT NOT NULL,
  object TEXT NOT NULL, statement TEXT NOT NULL, withheld INTEGER NOT NULL,
  certain INTEGER NOT NULL, others INTEGER NOT NULL,
  PRIMARY KEY (database, comparison, fingerprint)
) WITHOUT ROWID;
)sql",
                                              R"sql(
CREATE TABLE since (
  database TEXT NOT NULL, comparison TEXT NOT NULL, fingerprint TEXT NOT NULL,
  agreed INTEGER NOT NULL, committed INTEGER NOT NULL, same_revisions INTEGER NOT NULL,
  same_catalogue INTEGER NOT NULL, same_expected INTEGER NOT NULL,
  PRIMARY KEY (database, comparison, fingerprint)
) WITHOUT ROWID;
CREATE TABLE good_look (
  database TEXT NOT NULL, comparison TEXT NOT NULL, at INTEGER NOT NULL, revisions TEXT NOT NULL,
  fingerprint TEXT NOT NULL, expected TEXT NOT NULL,
  PRIMARY KEY (database, comparison)
) WITHOUT ROWID;
)sql"};

[[noreturn]] void fail(sqlite3* handle, const std::string& path, const std::string& what) {
  throw Error(Reason::Internal,
              fmt::format("the state file {}: {}: {}", path, what,
                          handle == nullptr ? "out of memory" : sqlite3_errmsg(handle)));
}

}  // namespace

struct Database::Storage {
  std::string path;
  sqlite3* handle = nullptr;
  ~Storage() { sqlite3_close(handle); }
};

Database::Database(const std::string& path, Mode mode) : storage_(std::make_unique<Storage>()) {
  storage_->path = path;
  const int flags =
      mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(path.c_str(), &storage_->handle, flags, nullptr) != SQLITE_OK) {
    fail(storage_->handle, path, "it cannot be opened");
  }
  sqlite3_busy_timeout(storage_->handle, 2000);
  if (mode == Mode::ReadWrite) {
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = NORMAL");
  }
  if (layout() > newest_layout) {
    throw Error(Reason::Internal, fmt::format("the state file {} is of a newer driftd", path),
                "Name another file.");
  }
  if (mode == Mode::ReadOnly || layout() == newest_layout) return;
  // Several watchers may come at once: the second finds the first one's tables.
  together([&] {
    for (int step = layout(); step < newest_layout; ++step) {
      if (sqlite3_exec(storage_->handle, steps[step], nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail(storage_->handle, path, "its tables cannot be made");
      }
    }
    run(fmt::format("PRAGMA user_version = {}", newest_layout));
  });
}

Database::~Database() = default;

int Database::layout() {
  return std::stoi(query("PRAGMA user_version").front().front());
}

std::vector<Database::Row> Database::query(const std::string& sql,
                                           const std::vector<Cell>& values) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(storage_->handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    fail(storage_->handle, storage_->path, sql);
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
      sqlite3_bind_int64(statement, at, *number);
    } else {
      const std::string& text = std::get<std::string>(values[i]);
      sqlite3_bind_text64(statement, at, text.data(), text.size(), nullptr, SQLITE_UTF8);
    }
  }
  std::vector<Row> rows;
  while (true) {
    const int step = sqlite3_step(statement);
    if (step == SQLITE_DONE) return rows;
    if (step != SQLITE_ROW) fail(storage_->handle, storage_->path, sql);
    Row row;
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      const auto* text = sqlite3_column_text(statement, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      row.emplace_back(text == nullptr ? std::string()
                                       : std::string(reinterpret_cast<const char*>(text), size));
    }
    rows.push_back(std::move(row));
  }
}

void Database::together(const std::function<void()>& work) {
  run("BEGIN IMMEDIATE");
  try {
    work();
    run("COMMIT");
  } catch (...) {
    sqlite3_exec(storage_->handle, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

}  // namespace driftd::state
