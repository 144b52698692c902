#include "expected_schema/alembic/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

/// How a type's arguments make its SQL (sql/compiler's GenericTypeCompiler and PostgreSQL's own).
enum class Form { Plain, Text, Number, Float, Moment, Interval, Bit, Array, Vector, Inner };

struct Row {
  const char* sql;
  Form form = Form::Plain;
  Affinity affinity = Affinity::Other;
};

const std::map<std::string, Row, std::less<>>& table() {
  static const std::map<std::string, Row, std::less<>> rows{
      {"String", {"VARCHAR", Form::Text}},
      {"Unicode", {"VARCHAR", Form::Text}},
      {"VARCHAR", {"VARCHAR", Form::Text}},
      {"Text", {"TEXT", Form::Text}},
      {"UnicodeText", {"TEXT", Form::Text}},
      {"TEXT", {"TEXT", Form::Text}},
      {"CHAR", {"CHAR", Form::Text}},
      {"NCHAR", {"NCHAR", Form::Text}},
      {"NVARCHAR", {"NVARCHAR", Form::Text}},
      {"CLOB", {"CLOB", Form::Text}},
      {"Integer", {"INTEGER", Form::Plain, Affinity::Integer}},
      {"INTEGER", {"INTEGER", Form::Plain, Affinity::Integer}},
      {"INT", {"INTEGER", Form::Plain, Affinity::Integer}},
      {"BigInteger", {"BIGINT", Form::Plain, Affinity::BigInteger}},
      {"BIGINT", {"BIGINT", Form::Plain, Affinity::BigInteger}},
      {"SmallInteger", {"SMALLINT", Form::Plain, Affinity::SmallInteger}},
      {"SMALLINT", {"SMALLINT", Form::Plain, Affinity::SmallInteger}},
      {"Numeric", {"NUMERIC", Form::Number, Affinity::Numeric}},
      {"NUMERIC", {"NUMERIC", Form::Number, Affinity::Numeric}},
      {"DECIMAL", {"DECIMAL", Form::Number, Affinity::Numeric}},
      {"Float", {"FLOAT", Form::Float, Affinity::Numeric}},
      {"FLOAT", {"FLOAT", Form::Float, Affinity::Numeric}},
      {"REAL", {"REAL", Form::Inner, Affinity::Numeric}},
      {"Double", {"DOUBLE PRECISION", Form::Inner, Affinity::Numeric}},
      {"DOUBLE", {"DOUBLE PRECISION", Form::Inner, Affinity::Numeric}},
      {"DOUBLE_PRECISION", {"DOUBLE PRECISION", Form::Inner, Affinity::Numeric}},
      {"Boolean", {"BOOLEAN", Form::Inner}},
      {"BOOLEAN", {"BOOLEAN", Form::Inner}},
      {"Date", {"DATE"}},
      {"DATE", {"DATE"}},
      {"Time", {"TIME", Form::Moment}},
      {"TIME", {"TIME", Form::Moment}},
      {"DateTime", {"TIMESTAMP", Form::Moment}},
      {"TIMESTAMP", {"TIMESTAMP", Form::Moment}},
      {"Interval", {"INTERVAL", Form::Interval}},
      {"INTERVAL", {"INTERVAL", Form::Interval}},
      {"LargeBinary", {"BYTEA", Form::Inner}},
      {"BYTEA", {"BYTEA", Form::Inner}},
      {"PickleType", {"BYTEA", Form::Inner}},
      {"JSON", {"JSON", Form::Inner}},
      {"JSONB", {"JSONB", Form::Inner}},
      {"UUID", {"UUID", Form::Inner}},
      {"Uuid", {"UUID", Form::Inner}},
      {"ARRAY", {"", Form::Array}},
      {"HSTORE", {"HSTORE", Form::Inner}},
      {"INET", {"INET"}},
      {"CIDR", {"CIDR"}},
      {"MACADDR", {"MACADDR"}},
      {"MACADDR8", {"MACADDR8"}},
      {"MONEY", {"MONEY"}},
      {"OID", {"OID"}},
      {"REGCLASS", {"REGCLASS"}},
      {"REGCONFIG", {"REGCONFIG"}},
      {"TSVECTOR", {"TSVECTOR"}},
      {"TSQUERY", {"TSQUERY"}},
      {"CITEXT", {"CITEXT", Form::Text}},
      {"BIT", {"BIT", Form::Bit}},
      {"INT4RANGE", {"INT4RANGE"}},
      {"INT8RANGE", {"INT8RANGE"}},
      {"NUMRANGE", {"NUMRANGE"}},
      {"DATERANGE", {"DATERANGE"}},
      {"TSRANGE", {"TSRANGE"}},
      {"TSTZRANGE", {"TSTZRANGE"}},
      {"INT4MULTIRANGE", {"INT4MULTIRANGE"}},
      {"INT8MULTIRANGE", {"INT8MULTIRANGE"}},
      {"NUMMULTIRANGE", {"NUMMULTIRANGE"}},
      {"DATEMULTIRANGE", {"DATEMULTIRANGE"}},
      {"TSMULTIRANGE", {"TSMULTIRANGE"}},
      {"TSTZMULTIRANGE", {"TSTZMULTIRANGE"}},
      // Libraries whose types stand in migrations as often as SQLAlchemy's own.
      {"sqlmodel.sql.sqltypes.AutoString", {"VARCHAR", Form::Text}},
      {"sqlmodel.AutoString", {"VARCHAR", Form::Text}},
      {"citext.CIText", {"CITEXT"}},
      {"pgvector.sqlalchemy.Vector", {"VECTOR", Form::Vector}},
      {"pgvector.sqlalchemy.vector.VECTOR", {"VECTOR", Form::Vector}},
      {"pgvector.sqlalchemy.VECTOR", {"VECTOR", Form::Vector}},
  };
  return rows;
}

/// The row of a SQLAlchemy name; PostgreSQL's dialect has the generic names too.
const Row* row_of(std::string_view name) {
  constexpr std::string_view dialect = "postgresql.";
  if (name.starts_with(dialect)) name.remove_prefix(dialect.size());
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

std::string with_collation(std::string sql, const Call& call) {
  if (const auto length = call.number("length"); length && *length != 0) {
    sql += fmt::format("({})", *length);
  }
  if (const auto collation = call.text("collation"))
    sql += " COLLATE " + quote_identifier(*collation);
  return sql;
}

std::string number_sql(const char* name, const Call& call) {
  const auto precision = call.number("precision");
  const auto scale = call.number("scale");
  if (!precision) return name;
  if (!scale) return fmt::format("{}({})", name, *precision);
  return fmt::format("{}({}, {})", name, *precision, *scale);
}

std::string moment_sql(const char* name, const Call& call) {
  const auto precision = call.number("precision");
  return fmt::format("{}{} {} TIME ZONE", name, precision ? fmt::format("({})", *precision) : "",
                     call.on("timezone") ? "WITH" : "WITHOUT");
}

std::string bit_sql(const Call& call) {
  const auto length = call.number("length");
  if (!call.on("varying")) return fmt::format("BIT({})", length.value_or(1));
  return length ? fmt::format("BIT VARYING({})", *length) : "BIT VARYING";
}

std::string interval_sql(const Call& call) {
  if (!call.flag("native").value_or(true)) return "TIMESTAMP WITHOUT TIME ZONE";
  std::string sql = "INTERVAL";
  if (const auto fields = call.text("fields")) sql += " " + *fields;
  auto precision = call.number("precision");
  if (!precision) precision = call.number("second_precision");
  if (precision) sql += fmt::format(" ({})", *precision);
  return sql;
}

/// The parameters of types whose arguments are, but for two, about Python's side.
std::vector<std::string_view> inner_parameters(std::string_view name) {
  if (name.starts_with("postgresql.")) name.remove_prefix(11);
  if (name == "Boolean" || name == "BOOLEAN") return {"create_constraint", "name"};
  if (name == "LargeBinary" || name == "BYTEA") return {"length"};
  if (name == "PickleType") return {"protocol", "pickler", "comparator", "impl"};
  if (name == "JSON" || name == "JSONB") return {"none_as_null", "astext_type"};
  if (name == "UUID" || name == "Uuid") return {"as_uuid", "native_uuid"};
  if (name == "HSTORE") return {"text_type"};
  return {"precision", "asdecimal", "decimal_return_scale"};
}

std::string inner_sql(const char* sql, const Call& call) {
  if (call.find("impl") != nullptr) call.refuse("impl", "Write the type that it stands for.");
  return call.flag("native_uuid").value_or(true) ? sql : "CHAR(32)";
}

Type array_type(const Call& call, const Emitter& emitter,
                const std::optional<std::string>& table_schema, const std::string& what) {
  Type item = type_of(call.need("item_type"), emitter, table_schema, what);
  const auto dimensions = call.number("dimensions").value_or(1);
  std::string brackets;
  for (std::int64_t i = 0; i < dimensions && i < 6; ++i) brackets += "[]";
  const std::size_t collation = item.sql.find(" COLLATE ");
  item.sql.insert(collation == std::string::npos ? item.sql.size() : collation, brackets);
  item.affinity = Affinity::Other;
  item.array = true;
  return item;
}

Type type_of_term(const Term& term, const std::string& name, const Row& row, const Emitter& emitter,
                  const std::optional<std::string>& table_schema, const std::string& what) {
  const std::string shown = "type " + name;
  Type type{row.sql, row.affinity, std::nullopt, false};
  switch (row.form) {
    case Form::Plain:
      Call(term, shown, {});
      break;
    case Form::Text:
      type.sql = with_collation(
          row.sql, Call(term, shown, {"length", "collation", "convert_unicode", "unicode_error"}));
      break;
    case Form::Number:
      type.sql = number_sql(
          row.sql, Call(term, shown, {"precision", "scale", "decimal_return_scale", "asdecimal"}));
      break;
    case Form::Float: {
      const Call call(term, shown, {"precision", "asdecimal", "decimal_return_scale"});
      const auto precision = call.number("precision").value_or(0);
      if (precision != 0) type.sql = fmt::format("FLOAT({})", precision);
      break;
    }
    case Form::Moment:
      type.sql = moment_sql(row.sql, Call(term, shown, {"timezone", "precision"}));
      break;
    case Form::Interval: {
      const bool own = name.starts_with("postgresql.");
      type.sql =
          own ? interval_sql(Call(term, shown, {"precision", "fields"}))
              : interval_sql(Call(term, shown, {"native", "second_precision", "day_precision"}));
      break;
    }
    case Form::Bit:
      type.sql = bit_sql(Call(term, shown, {"length", "varying"}));
      break;
    case Form::Array:
      return array_type(Call(term, shown, {"item_type", "as_tuple", "dimensions", "zero_indexes"}),
                        emitter, table_schema, what);
    case Form::Vector: {
      const auto dimensions = Call(term, shown, {"dim"}).number("dim");
      if (dimensions) type.sql = fmt::format("VECTOR({})", *dimensions);
      break;
    }
    case Form::Inner:
      type.sql = inner_sql(row.sql, Call(term, shown, inner_parameters(name)));
      break;
  }
  return type;
}

Type type_of_enum(const EnumType& enumeration, const std::optional<std::string>& table_schema,
                  const Place& place) {
  Type type;
  type.enumeration = enumeration;
  if (enumeration.native) {
    if (!enumeration.name) {
      not_understood("sa.Enum without a name", place, "Give the enumeration a name=.");
    }
    type.sql = enumeration.sql_name(table_schema);
    return type;
  }
  std::size_t longest = static_cast<std::size_t>(enumeration.length.value_or(0));
  for (const std::string& label : enumeration.labels) {
    std::size_t characters = 0;
    for (const char c : label) {
      if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++characters;
    }
    longest = std::max(longest, characters);
  }
  type.sql = longest == 0 ? "VARCHAR" : fmt::format("VARCHAR({})", longest);
  return type;
}

/// `type.with_variant(other, "postgresql")`: the other, here; variants of other databases fall
/// away.
Type type_of_variant(const Term& term, const Emitter& emitter,
                     const std::optional<std::string>& table_schema, const std::string& what) {
  const std::vector<Value>& given = term.arguments.positional;
  for (std::size_t i = 1; i < given.size(); ++i) {
    const auto* dialect = text_in(given[i]);
    if (dialect != nullptr && *dialect == "postgresql") {
      return type_of(given[0], emitter, table_schema, what);
    }
  }
  return type_of(*term.object, emitter, table_schema, what);
}

}  // namespace

Type type_of(const Value& value, const Emitter& emitter,
             const std::optional<std::string>& table_schema, const std::string& what) {
  if (const Term* variant = method_call(value, "with_variant")) {
    return type_of_variant(*variant, emitter, table_schema, what);
  }
  const Term* term = value.term();
  const Place& place = term != nullptr ? term->place : emitter.place();
  if (const auto enumeration = enum_of(value, emitter)) {
    return type_of_enum(*enumeration, table_schema, place);
  }
  const std::string name = made_by(value);
  const Row* row = row_of(name);
  if (row == nullptr || (term != nullptr && term->object != nullptr)) {
    not_understood(fmt::format("type {} of {}", name.empty() ? python::repr(value) : name, what),
                   place,
                   "Write the type that it stands for on PostgreSQL, such as sa.String(36) or "
                   "postgresql.JSONB(), in the migration.");
  }
  if (term == nullptr) {
    const Term bare{name, nullptr, {}, place};
    return type_of_term(bare, name, *row, emitter, table_schema, what);
  }
  return type_of_term(*term, name, *row, emitter, table_schema, what);
}

bool looks_like_type(const Value& value) {
  if (method_call(value, "with_variant") != nullptr) return true;
  const std::string name = made_by(value);
  if (name.empty()) return false;
  if (row_of(name) != nullptr || name == "Enum" || name == "postgresql.ENUM") return true;
  // What is not SQLAlchemy's can only be a type of the application's own.
  const bool own = name.find('.') != std::string::npos && !name.starts_with("func.") &&
                   !name.starts_with("postgresql.");
  return own || name == "NullType" || name == "postgresql.DOMAIN";
}

std::string type_sql(const Value& value, const Place& place) {
  const std::string name = made_by(value);
  const Row* row = row_of(name);
  if (const Term* term = value.term();
      row != nullptr && term != nullptr && row->form != Form::Array) {
    const std::string shown = "type " + name;
    if (row->form == Form::Text)
      return with_collation(row->sql, Call(*term, shown, {"length", "collation"}));
    if (row->form == Form::Number)
      return number_sql(row->sql, Call(*term, shown, {"precision", "scale"}));
    if (row->form == Form::Moment)
      return moment_sql(row->sql, Call(*term, shown, {"timezone", "precision"}));
    if (row->form == Form::Inner) {
      return inner_sql(row->sql, Call(*term, shown, inner_parameters(name)));
    }
    if (term->arguments.positional.empty()) return row->sql;
  }
  if (row != nullptr && value.term() == nullptr) {
    if (row->form == Form::Moment) return std::string(row->sql) + " WITHOUT TIME ZONE";
    if (row->form != Form::Array) return row->sql;
  }
  const Value* enum_name = value.term() == nullptr ? nullptr : value.term()->arguments.find("name");
  if ((name == "Enum" || name == "postgresql.ENUM") && enum_name != nullptr &&
      text_in(*enum_name) != nullptr) {
    return quote_identifier(*text_in(*enum_name));
  }
  not_understood(fmt::format("cast to the type {}", name.empty() ? python::repr(value) : name),
                 place, "Write the expression as sa.text(\"...\").");
}

}  // namespace driftd::alembic
