#include "expected_schema/alembic/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/column.h"
#include "expected_schema/alembic/constraint.h"
#include "expected_schema/alembic/enumeration.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;
using Kind = Constraint::Kind;

namespace {

/// What a table is made of, as its arguments say it.
struct Parts {
  std::vector<Column> columns;
  std::vector<Constraint> constraints;  ///< without the primary key
  std::optional<Constraint> primary_key;
  bool explicit_primary_key = false;
  std::vector<std::string> indexes;  ///< their statements
};

void take(Parts& parts, const Value& item, const Target& target, const Emitter& emitter,
          const Call& call) {
  if (is_column(item)) {
    Column column = column_of(item, emitter, target.schema);
    // As sa.Table does, a column takes the place of an earlier one of its name.
    const auto same = std::find_if(parts.columns.begin(), parts.columns.end(),
                                   [&](const Column& other) { return other.name == column.name; });
    if (same != parts.columns.end()) {
      *same = std::move(column);
    } else {
      parts.columns.push_back(std::move(column));
    }
  } else if (auto constraint = constraint_of(item)) {
    if (constraint->kind == Kind::PrimaryKey) {
      parts.primary_key = std::move(*constraint);
      parts.explicit_primary_key = true;
    } else {
      parts.constraints.push_back(std::move(*constraint));
    }
  } else if (auto index = index_construct_sql(item, target, emitter)) {
    parts.indexes.push_back(std::move(*index));
  } else if (made_by(item) != "MetaData") {  // Alembic takes columns, constraints and indexes
    const python::Term* term = item.term();
    not_understood(fmt::format("{} with {}", call.shown(), python::repr(item)),
                   term == nullptr ? call.place() : term->place,
                   "Write the table's columns and constraints in the migration itself.");
  }
}

/// The key's columns: those that it names, or all that have primary_key=True.
void settle_primary_key(Parts& parts) {
  std::vector<std::string> flagged;
  for (const Column& column : parts.columns) {
    if (column.primary_key) flagged.push_back(column.name);
  }
  if (!parts.primary_key && flagged.empty()) return;
  if (!parts.primary_key) parts.primary_key = Constraint{Kind::PrimaryKey, {}, {}, {}, false};
  std::vector<std::string>& key = parts.primary_key->columns;
  if (key.empty()) key = flagged;
  for (Column& column : parts.columns) {
    column.primary_key = std::find(key.begin(), key.end(), column.name) != key.end();
  }
  if (key.empty()) parts.primary_key.reset();
}

std::string column_index_sql(const Column& column, const Target& target, const Emitter& emitter) {
  const std::string name = index_name(target, column.name, column.unique, emitter);
  if (name.empty()) {
    not_understood(fmt::format("index=True of the column {}", column.name), emitter.place(),
                   "Create the index with a name; the naming convention has none for it.");
  }
  return fmt::format("CREATE {}INDEX {} ON {} ({})", column.unique ? "UNIQUE " : "",
                     quote_identifier(name), target.sql(), quote_identifier(column.name));
}

/// The index that GeoAlchemy2 makes of a spatial column; empty where it makes none.
std::string spatial_index_sql(const Column& column, const Target& target) {
  std::string what = quote_identifier(column.name);
  if (column.type.spatial == SpatialIndex::None) return {};
  if (column.type.spatial == SpatialIndex::AllDimensions) what += " gist_geometry_ops_nd";
  if (column.type.spatial == SpatialIndex::Raster) what = "ST_ConvexHull(" + what + ")";
  return fmt::format("CREATE INDEX {} ON {} USING gist ({})",
                     quote_identifier(fmt::format("idx_{}_{}", target.table, column.name)),
                     target.sql(), what);
}

Constraint unique_of(const Column& column) {
  return {Kind::Unique,
          std::nullopt,
          {column.name},
          "UNIQUE (" + quote_identifier(column.name) + ")",
          false};
}

/// What `unique=`, `index=` and `sa.ForeignKey` of the columns stand for.
void spread_columns(Parts& parts, const Target& target, const Emitter& emitter) {
  for (const Column& column : parts.columns) {
    if (column.index) {
      parts.indexes.push_back(column_index_sql(column, target, emitter));
    } else if (column.unique) {
      parts.constraints.push_back(unique_of(column));
    }
    if (auto index = spatial_index_sql(column, target); !index.empty()) {
      parts.indexes.push_back(std::move(index));
    }
    for (const Constraint& key : column.foreign_keys) parts.constraints.push_back(key);
  }
}

void settle_names(Parts& parts, const Target& target, const Emitter& emitter) {
  for (Column& column : parts.columns) {
    for (Constraint& constraint : column.checks) settle_name(constraint, target, emitter);
  }
  if (parts.primary_key) settle_name(*parts.primary_key, target, emitter);
  for (Constraint& constraint : parts.constraints) settle_name(constraint, target, emitter);
}

std::vector<std::string> clauses(Parts& parts, const Call& call, bool keys_later) {
  std::vector<std::string> lines;
  const Column* serial = nullptr;
  if (parts.primary_key) {
    std::vector<std::string>& key = parts.primary_key->columns;
    serial = autoincrement_column(parts.columns, key, parts.constraints, call.place());
    if (serial != nullptr && !parts.explicit_primary_key) {
      const auto at = std::find(key.begin(), key.end(), serial->name);
      std::rotate(key.begin(), at, at + 1);
    }
  }
  for (const Column& column : parts.columns) {
    lines.push_back(column.sql(&column == serial && !column.client_default && !column.identity));
  }
  if (parts.primary_key) lines.push_back(parts.primary_key->sql());
  for (const Constraint& constraint : parts.constraints) {
    const bool apart = constraint.use_alter || (keys_later && constraint.kind == Kind::ForeignKey);
    if (!apart) lines.push_back(constraint.sql());
  }
  return lines;
}

std::string options(const Call& call) {
  std::string sql;
  if (call.find("postgresql_inherits") != nullptr) {
    sql += " INHERITS (" + quoted_list(call.names("postgresql_inherits")) + ")";
  }
  if (const auto by = call.text("postgresql_partition_by")) sql += " PARTITION BY " + *by;
  if (const auto method = call.text("postgresql_using")) sql += " USING " + *method;
  if (const Value* storage = call.find("postgresql_with")) {
    const auto* dict = storage->get_if<python::Dict>();
    if (dict == nullptr) call.refuse("postgresql_with", "Give it as a dictionary.");
    std::vector<std::string> parts;
    for (const auto& [key, value] : **dict) {
      const auto* name = text_in(key);
      const auto* text = text_in(value);
      const auto constant = text != nullptr ? std::optional(*text) : literal(value);
      if (name == nullptr || !constant) call.refuse("postgresql_with");
      parts.push_back(*name + " = " + *constant);
    }
    sql += " WITH (" + join(parts, ", ") + ")";
  }
  if (call.on("postgresql_with_oids")) call.refuse("postgresql_with_oids", "Remove the argument.");
  if (const auto on_commit = call.text("postgresql_on_commit")) {
    std::string words = *on_commit;
    std::replace(words.begin(), words.end(), '_', ' ');
    sql += " ON COMMIT " + words;
  }
  if (const auto tablespace = call.text("postgresql_tablespace")) {
    sql += " TABLESPACE " + quote_identifier(*tablespace);
  }
  return sql;
}

std::string prefixes(const Call& call) {
  std::string sql;
  for (const std::string& prefix : call.names("prefixes")) sql += prefix + " ";
  return sql;
}

void leave_defaults_open(const Parts& parts, const Target& target, const Emitter& emitter) {
  for (const Column& column : parts.columns) {
    if (!column.open_default) continue;
    const bool key =
        column.primary_key ||
        (parts.primary_key && std::ranges::find(parts.primary_key->columns, column.name) !=
                                  parts.primary_key->columns.end());
    // Without one it would be SERIAL.
    if (key) throw Error(column.open_default->why);
    leave_default_open(target, column.name, *column.open_default, emitter);
  }
}

}  // namespace

void create_table(const Call& call, const Emitter& emitter, std::vector<LaterKey>* later) {
  const Target target{call.need_text("table_name"), call.text("schema")};
  call.check_quote("table_name");
  Parts parts;
  for (const Value& item : call.rest()) take(parts, item, target, emitter, call);
  settle_primary_key(parts);
  spread_columns(parts, target, emitter);
  settle_names(parts, target, emitter);

  for (const Column& column : parts.columns) {
    const auto& enumeration = column.type.enumeration;
    if (enumeration && enumeration->native && enumeration->create_type &&
        (later != nullptr || !enumeration->in_metadata)) {
      create_enum(*enumeration, target.schema, true, emitter);
    }
  }
  emitter.run(fmt::format("CREATE {}TABLE {}{} ({}){}", prefixes(call),
                          call.on("if_not_exists") ? "IF NOT EXISTS " : "", target.sql(),
                          join(clauses(parts, call, later != nullptr), ", "), options(call)));
  for (const Constraint& constraint : parts.constraints) {
    if (later == nullptr || constraint.kind != Kind::ForeignKey) continue;
    later->push_back({fmt::format("ALTER TABLE {} ADD {}", target.sql(), constraint.sql()),
                      constraint.referred_table});
  }
  leave_defaults_open(parts, target, emitter);
  for (const std::string& index : parts.indexes) emitter.run(index);
  if (const auto comment = call.text("comment"); comment && !comment->empty()) {
    comment_on_table(target, comment, emitter);
  }
  for (const Column& column : parts.columns) {
    if (column.comment && !column.comment->empty()) {
      comment_on_column(target, column.name, column.comment, emitter);
    }
  }
}

Call table_call(const python::Term& table) {
  return Call(table, "sa.Table",
              {"table_name",
               "metadata",
               "*columns",
               "schema",
               "comment",
               "prefixes",
               "info",
               "quote",
               "keep_existing",
               "extend_existing",
               "postgresql_inherits",
               "postgresql_partition_by",
               "postgresql_using",
               "postgresql_with",
               "postgresql_with_oids",
               "postgresql_on_commit",
               "postgresql_tablespace",
               "implicit_returning",
               "quote_schema",
               "listeners",
               "sqlite_autoincrement"});
}

void add_column(const Target& target, const Value& value, bool if_not_exists,
                const Emitter& emitter, bool spatial_index) {
  Column column = column_of(value, emitter, target.schema);
  if (!spatial_index) column.type.spatial = SpatialIndex::None;
  for (Constraint& constraint : column.checks) settle_name(constraint, target, emitter);
  const std::vector<Column> alone{column};
  const Column* automatic = nullptr;
  if (column.primary_key) {
    automatic = autoincrement_column(alone, {column.name}, {}, emitter.place());
  }
  // The primary key itself is not added: Alembic leaves that to create_primary_key.
  const bool serial = automatic != nullptr && !column.client_default && !column.identity;
  emitter.run(fmt::format("ALTER TABLE {} ADD COLUMN {}{}", target.sql(),
                          if_not_exists ? "IF NOT EXISTS " : "", column.sql(serial)));
  if (column.open_default) {
    if (column.primary_key) throw Error(column.open_default->why);
    leave_default_open(target, column.name, *column.open_default, emitter);
  }
  const auto add = [&](Constraint constraint) {
    settle_name(constraint, target, emitter);
    emitter.run(fmt::format("ALTER TABLE {} ADD {}", target.sql(), constraint.sql()));
  };
  if (column.unique && !column.index) add(unique_of(column));
  for (const Constraint& key : column.foreign_keys) add(key);
  if (column.index) emitter.run(column_index_sql(column, target, emitter));
  if (const auto index = spatial_index_sql(column, target); !index.empty()) emitter.run(index);
  if (column.comment && !column.comment->empty()) {
    comment_on_column(target, column.name, column.comment, emitter);
  }
}

void comment_on_table(const Target& target, const std::optional<std::string>& comment,
                      const Emitter& emitter) {
  emitter.run(fmt::format("COMMENT ON TABLE {} IS {}", target.sql(),
                          comment ? string_literal(*comment) : "NULL"));
}

void comment_on_column(const Target& target, const std::string& column,
                       const std::optional<std::string>& comment, const Emitter& emitter) {
  emitter.run(fmt::format("COMMENT ON COLUMN {}.{} IS {}", target.sql(), quote_identifier(column),
                          comment ? string_literal(*comment) : "NULL"));
}

}  // namespace driftd::alembic
