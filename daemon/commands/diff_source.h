#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/models/models.h"

namespace driftd {

/// One side of `driftd diff`: a database, or what makes one on a scratch server.
class DiffSource {
 public:
  enum class Kind {
    Database,    ///< as --database takes it
    Migrations,  ///< `migrations:PATH`: all of them
    Models,      ///< `models:PATH[,PATH]`
    Sql,         ///< `FILE.sql`, as pg_dump --schema-only writes it
  };

  /// Throws Error{Settings} for a file that is not there.
  static DiffSource parse(const std::string& written);

  Kind kind() const { return kind_; }
  bool is_database() const { return kind_ == Kind::Database; }
  /// `database app`, `models app/models.py`.
  const std::string& shown() const { return shown_; }

  struct Read {
    Catalogue catalogue;
    ServerInfo server;
    std::vector<Unread> unread;
    std::vector<std::string> notes;
    std::vector<Undetermined> undetermined = {};
  };
  /// Of a database. Throws what read_settled throws.
  Read read(const DatabaseSettings& settings, const std::stop_token& stop) const;
  /// Of anything else, on a scratch server like `other`, which is where a database is (null: a
  /// plain one); `there` is the catalogue of the other side, whose schemas and extensions models
  /// find.
  Read make(const DatabaseSettings& settings, const DiffSource* other, const Catalogue* there,
            const std::stop_token& stop) const;

 private:
  Kind kind_ = Kind::Database;
  std::string where_;
  std::string shown_;
};

}  // namespace driftd
