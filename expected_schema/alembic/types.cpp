#include "expected_schema/alembic/types.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/known_types.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/own_types.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

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
  if (name == "LargeBinary" || name == "Binary" || name == "BYTEA") return {"length"};
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

std::string geometry_sql(const char* sql, const Call& call) {
  // geoalchemy2's get_col_spec(): the type's name and the SRID.
  if (call.given("geometry_type") != nullptr && call.find("geometry_type") == nullptr) return sql;
  const std::string type = call.text("geometry_type").value_or("GEOMETRY");
  return fmt::format("{}({},{})", sql, type, call.number("srid").value_or(-1));
}

/// GeoAlchemy2 makes an index of a column where `spatial_index`, which is True, is left so
/// (geoalchemy-2.readthedocs.io, "Spatial indexes").
bool indexes_itself(const Call& call) {
  for (const char* name : {"management", "use_typmod"}) {
    const bool managed = std::string_view(name) == "management";
    if (const auto flag = call.flag(name); flag && *flag == managed) {
      call.refuse(name, "AddGeometryColumn() is of PostGIS before 2.0; leave the argument out.");
    }
  }
  return call.flag("spatial_index").value_or(true) && !call.on("_spatial_index_reflected");
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

Type type_of_term(const Term& term, const std::string& name, const KnownType& row,
                  const Emitter& emitter, const std::optional<std::string>& table_schema,
                  const std::string& what) {
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
      if (dimensions) type.sql = fmt::format("{}({})", row.sql, *dimensions);
      break;
    }
    case Form::Inner:
      type.sql = inner_sql(row.sql, Call(term, shown, inner_parameters(name)));
      break;
    case Form::Ignored:
      break;
    case Form::Text255: {
      const Call call(term, shown, {"length", "collation"});
      type.sql = fmt::format("VARCHAR({})", call.number("length").value_or(255));
      break;
    }
    case Form::MaxLength: {
      const Call call(term, shown,
                      name.ends_with("PhoneNumberType")
                          ? std::vector<std::string_view>{"region", "max_length"}
                          : std::vector<std::string_view>{"max_length"});
      type.sql = fmt::format("VARCHAR({})", call.number("max_length").value_or(20));
      break;
    }
    case Form::Choice: {
      const Call call(term, shown, {"choices", "impl"});
      const Value* impl = call.find("impl");
      if (impl != nullptr) return type_of(*impl, emitter, table_schema, what);
      break;
    }
    case Form::UuidType: {
      const Call call(term, shown, {"binary", "native"});
      const bool native = call.flag("native").value_or(true);
      const bool binary = call.flag("binary").value_or(true);
      type.sql = native ? "UUID" : binary ? "BYTEA" : "CHAR(32)";
      break;
    }
    case Form::JsonField: {
      const Call call(term, shown, {"enforce_string", "enforce_unicode", "json", "json_type"});
      const bool text = call.on("enforce_string") || call.on("enforce_unicode");
      type.sql = text ? "TEXT" : "JSON";
      break;
    }
    case Form::Encrypted:
      type.sql = with_collation(
          row.sql,
          Call(term, shown, {"type_in", "key", "engine", "padding", "/", "length", "collation"}));
      break;
    case Form::Geometry: {
      const Call call(
          term, shown,
          {"geometry_type", "srid", "dimension", "spatial_index", "use_N_D_index", "use_typmod",
           "from_text", "name", "nullable", "management", "_spatial_index_reflected"});
      type.sql = geometry_sql(row.sql, call);
      if (indexes_itself(call)) {
        type.spatial = call.on("use_N_D_index") ? SpatialIndex::AllDimensions : SpatialIndex::Plain;
      }
      break;
    }
    case Form::Raster: {
      const Call call(
          term, shown,
          {"spatial_index", "from_text", "name", "nullable", "_spatial_index_reflected"});
      if (indexes_itself(call)) type.spatial = SpatialIndex::Raster;
      break;
    }
    case Form::Domain: {
      const Call call(term, shown,
                      {"name", "data_type", "/", "collation", "default", "constraint_name",
                       "not_null", "check", "create_type", "schema"});
      type.sql = qualified(call.text("schema"), call.need_text("name"));
      break;
    }
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
  for (const char* same : {"dialect_impl", "load_dialect_impl"}) {
    const Term* asked = method_call(value, same);
    if (asked == nullptr || !looks_like_type(*asked->object)) continue;
    return type_of(*asked->object, emitter, table_schema, what);
  }
  const Term* term = value.term();
  const Place& place = term != nullptr ? term->place : emitter.place();
  if (const auto enumeration = enum_of(value, emitter)) {
    return type_of_enum(*enumeration, table_schema, place);
  }
  if (auto own = type_of_class(value, emitter, table_schema, what)) return std::move(*own);
  const std::string name = made_by(value);
  if (const std::string* declared = emitter.declared_type(name)) return {*declared, {}, {}, false};
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
      attribute != nullptr && (*attribute)->name == "impl") {
    return type_of(*(*attribute)->object, emitter, table_schema, what);
  }
  // MutableDict.as_mutable(JSONB): the type, whose values are watched.
  if (const bool mutable_type =
          name == "as_mutable" || (term != nullptr && term->object && term->callee == "as_mutable");
      mutable_type && term != nullptr && term->arguments.positional.size() == 1) {
    return type_of(term->arguments.positional.front(), emitter, table_schema, what);
  }
  const KnownType* row = known_type(name);
  if (row == nullptr || (term != nullptr && term->object != nullptr)) {
    not_understood(fmt::format("type {} of {}", name.empty() ? python::repr(value) : name, what),
                   place,
                   "Declare it in the settings, types: {" + (name.empty() ? "app.Type" : name) +
                       ": PostgreSQL's type}, or mount the module that has it.");
  }
  if (term == nullptr) {
    const Term bare{name, nullptr, {}, place};
    return type_of_term(bare, name, *row, emitter, table_schema, what);
  }
  return type_of_term(*term, name, *row, emitter, table_schema, what);
}

bool looks_like_type(const Value& value) {
  if (method_call(value, "with_variant") != nullptr || class_in(value) != nullptr) return true;
  if (method_call(value, "as_mutable") != nullptr) return true;
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    return (*attribute)->name == "impl";
  }
  const std::string name = made_by(value);
  if (name.empty()) return false;
  if (known_type(name) != nullptr || name == "Enum" || name == "postgresql.ENUM") return true;
  // What is not SQLAlchemy's can only be a type of the application's own.
  const bool own = name.find('.') != std::string::npos && !name.starts_with("func.") &&
                   !name.starts_with("postgresql.");
  return own || name == "NullType" || name == "postgresql.DOMAIN";
}

std::string type_sql(const Value& value, const Place& place) {
  const std::string name = made_by(value);
  const KnownType* row = known_type(name);
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
