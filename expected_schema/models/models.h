#pragma once

#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/history/history.h"

/// The schema that the application's models ask for.
namespace driftd {

/// Where the models' DDL comes from: files that are read, or a command.
struct ModelSource {
  /// Python files, and packages of which every module is read. Empty: a command says it.
  std::vector<std::string> paths;
  /// The folder in which the application's imports begin; empty: the first one above the files that
  /// is no package.
  std::string root;
  /// Folders with packages of others that the models inherit from, such as the site-packages of a
  /// virtualenv, or the virtualenv itself. Asked after the application's own.
  std::vector<std::string> packages;
  /// Prints the SQL that creates what the models describe, in an order that runs, as
  /// `metadata.create_all` would emit it. No words: the files say it.
  MigrationCommand command;

  bool named() const { return !paths.empty() || !command.words.empty(); }
  /// As a person wrote it, for messages.
  std::string shown() const;
};

/// Where the source declares a table.
struct ModelPlace {
  std::string table;   ///< without its schema
  std::string schema;  ///< empty: the first of the search path
  std::string model;   ///< the class; empty for a Table
  Place place;
  std::map<std::string, Place> columns;
};

/// A part of the models that is not understood.
struct UnreadModel {
  std::string table;  ///< that it touches, without its schema; empty: not known
  std::string model;
  Error error;
};

/// One piece of the models' DDL.
struct ModelStatement {
  Statement statement;
  std::string table;     ///< that it is about; empty: none
  std::string referred;  ///< of a foreign key: the other table
};

/// A function that the migrations make and models only call, such as in a server default.
struct BorrowedFunction {
  std::string identity;
  std::string sql;  ///< makes one that is called so
};

/// The models' DDL. Immutable once made, but for what PostgreSQL refuses of it.
struct Models {
  std::vector<ModelStatement> statements;              ///< in an order that runs
  std::vector<ModelPlace> tables;                      ///< empty where a command printed the DDL
  std::vector<std::pair<std::string, Place>> schemas;  ///< that sequences are in
  std::vector<BorrowedFunction> borrowed;              ///< not theirs, but there before them
  std::vector<UnreadModel> unread;
  std::vector<std::string> notes;
  std::vector<std::string> files;  ///< that were read
};

/// Reads the models' files, without running any Python: what SQLAlchemy's declarative mapping,
/// tables, SQLModel and Flask-SQLAlchemy declare becomes the DDL of `metadata.create_all()`. What
/// is not understood is in `unread`. Throws Error{Settings} for a path that is not there,
/// Error{NotUnderstood} where the files make no table at all.
Models read_models(const ModelSource& source, const Declarations& declared);

/// Runs the command and takes what it printed on standard output. It gets what a migrations command
/// gets of driftd's environment, and no database. Throws Error{Replay} with the end of its standard
/// error where it fails or takes longer than its limit, and where it prints no statement.
Models print_models(const ModelSource& source, const std::map<std::string, std::string>& declared,
                    const std::stop_token& stop = {});

/// The statements of a file of SQL, as pg_dump --schema-only writes it. Throws Error{History} with
/// the line for what only psql runs.
Models models_of_sql(const std::string& file);

/// The one of the two that the source asks for.
Models models_of(const ModelSource& source, const Declarations& declared,
                 const std::stop_token& stop = {});

/// The models' DDL as a history of one migration, "models", that a replay creates on a scratch
/// database; without that of tables that are not read. `migrations`: the catalogue of all
/// migrations, whose schemas and extensions are there beforehand, since create_all makes neither.
AppliedHistory history_of_models(const Models& models, const Catalogue& migrations);

/// Puts the functions of the migrations that PostgreSQL misses among those that are there
/// beforehand. False where it misses none, or the migrations have no further one of that name.
bool borrow_functions(Models& models, const Catalogue& migrations, const Error& refused);

/// Puts the table of a statement that PostgreSQL refused, which is where the error says, among
/// those that are not read. False where no table's statement stands there.
bool give_up_table(Models& models, const Error& refused);

}  // namespace driftd
