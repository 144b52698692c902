#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/python/value.h"

/// Tables as SQLAlchemy reflects them (docs.sqlalchemy.org, "Reflecting Database Objects"): what
/// the database said of them when they were reflected, whatever became of them since.
namespace driftd::alembic {

/// `sa.Table("t", metadata, autoload_with=bind)`, whose columns come from the database.
bool is_reflecting(const python::Term& table);

class Reflections {
 public:
  /// Asks the database for the table; nothing where more than its name is said, since what is
  /// said would come before what is there. Throws Python's NoSuchTableError where it is not there;
  /// nothing where there is no database to be asked.
  std::optional<python::Value> table(const python::Term& table, const Emitter& emitter);
  /// `metadata.reflect()`: all tables of the schema. False where that is not all that it does, and
  /// where there is no database to be asked.
  bool metadata(const python::Value& metadata, const python::Term& call, const Emitter& emitter);

  /// The metadata has other tables now than were reflected.
  void forget(const python::Term* metadata) { metadata_.erase(metadata); }

  /// What an attribute of something reflected is: `metadata.tables`, `table.foreign_keys`,
  /// `table.c.id.nullable`. Nothing for others.
  std::optional<python::Value> attribute(const python::Value& object, const std::string& name,
                                         const Place& place) const;
  /// What a method of a reflected table's columns gives: `table.c.get("id")`, `.keys()`.
  std::optional<python::Value> method(const python::Term& call) const;
  /// The columns, where the value is a reflected table's.
  std::optional<std::vector<python::Value>> items(const python::Value& value) const;
  std::optional<python::Value> item(const python::Value& object, const python::Value& key) const;
  /// The answer to `"id" in table.c`.
  std::optional<bool> truth(const python::Value& value) const;
  bool is_column(const python::Value& value) const;

 private:
  struct Column {
    std::string name;
    bool nullable = true;
    std::optional<std::string> server_default;
    bool computed = false;  // an identity or generated: its default is an object of SQLAlchemy's
  };
  struct Table {
    python::Value value;  // what stands for it
    std::vector<Column> columns;
    std::vector<python::Value> foreign_keys;  // each column's, as sa.ForeignKey
    std::vector<python::Value> constraints;
    std::vector<python::Value> indexes;
    python::Value primary_key;
  };
  void read(const std::string& schema, const std::optional<std::string>& only,
            const std::optional<std::string>& named_schema, const python::Value* metadata,
            const Emitter& emitter, std::map<std::string, std::shared_ptr<Table>>& tables);
  const Table* columns_of(const python::Value& value) const;
  const Table* table_of(const python::Value& value) const;
  const Column* column_of(const python::Value& value) const;

  std::map<const python::Term*, std::shared_ptr<Table>> tables_;
  struct Metadata {
    python::Value value;
    python::Value tables;  // a dict
  };
  std::map<const python::Term*, Metadata> metadata_;
};

}  // namespace driftd::alembic
