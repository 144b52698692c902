#include "expected_schema/alembic/known_types.h"

#include <map>
#include <string>

namespace driftd::alembic {

namespace {

const std::map<std::string, KnownType, std::less<>>& table() {
  static const std::map<std::string, KnownType, std::less<>> rows{
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
      {"STRINGTYPE", {"VARCHAR", Form::Ignored}},
      {"INTEGERTYPE", {"INTEGER", Form::Ignored, Affinity::Integer}},
      {"BOOLEANTYPE", {"BOOLEAN", Form::Ignored}},
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
      {"Binary", {"BYTEA", Form::Inner}},
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
      {"sqlmodel.sql.sqltypes.GUID", {"UUID", Form::Ignored}},
      {"sqlmodel.GUID", {"UUID", Form::Ignored}},
      {"fastapi_users_db_sqlalchemy.generics.GUID", {"UUID", Form::Ignored}},
      {"fastapi_users_db_sqlalchemy.guid.GUID", {"UUID", Form::Ignored}},
      {"fastapi_users_db_sqlalchemy.GUID", {"UUID", Form::Ignored}},
      {"fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware",
       {"TIMESTAMP WITH TIME ZONE", Form::Ignored}},
      {"advanced_alchemy.types.GUID", {"UUID", Form::Ignored}},
      {"advanced_alchemy.types.guid.GUID", {"UUID", Form::Ignored}},
      {"advanced_alchemy.types.DateTimeUTC", {"TIMESTAMP WITH TIME ZONE", Form::Ignored}},
      {"advanced_alchemy.types.datetime.DateTimeUTC", {"TIMESTAMP WITH TIME ZONE", Form::Ignored}},
      {"advanced_alchemy.types.JsonB", {"JSONB", Form::Ignored}},
      {"advanced_alchemy.types.BigIntIdentity", {"BIGINT", Form::Ignored, Affinity::BigInteger}},
      {"advanced_alchemy.types.EncryptedString", {"VARCHAR", Form::Ignored}},
      {"advanced_alchemy.types.EncryptedText", {"TEXT", Form::Ignored}},
      {"advanced_alchemy.types.StoredObject", {"JSONB", Form::Ignored}},
      {"advanced_alchemy.types.file_object.StoredObject", {"JSONB", Form::Ignored}},
      {"advanced_alchemy.types.file_object.data_type.StoredObject", {"JSONB", Form::Ignored}},
      {"sqlalchemy_utils.UUIDType", {"UUID", Form::UuidType}},
      {"sqlalchemy_utils.TSVectorType", {"TSVECTOR", Form::Ignored}},
      {"sqlalchemy_searchable.TSVectorType", {"TSVECTOR", Form::Ignored}},
      {"sqlalchemy_utils.JSONType", {"JSON", Form::Ignored}},
      {"sqlalchemy_utils.EmailType", {"VARCHAR", Form::Text255}},
      {"sqlalchemy_utils.ChoiceType", {"VARCHAR(255)", Form::Choice}},
      {"sqlalchemy_utils.EncryptedType", {"BYTEA", Form::Ignored}},
      {"sqlalchemy_utils.StringEncryptedType", {"VARCHAR", Form::Encrypted}},
      {"sqlalchemy_utils.URLType", {"TEXT", Form::Ignored}},
      {"sqlalchemy_utils.ScalarListType", {"TEXT", Form::Ignored}},
      {"sqlalchemy_utils.LtreeType", {"LTREE", Form::Ignored}},
      {"sqlalchemy_utils.IPAddressType", {"VARCHAR(50)", Form::Ignored}},
      {"sqlalchemy_utils.TimezoneType", {"VARCHAR(50)", Form::Ignored}},
      {"sqlalchemy_utils.ArrowType", {"TIMESTAMP WITHOUT TIME ZONE", Form::Ignored}},
      {"sqlalchemy_utils.CurrencyType", {"VARCHAR(3)", Form::Ignored}},
      {"sqlalchemy_utils.CountryType", {"VARCHAR(2)", Form::Ignored}},
      {"sqlalchemy_utils.LocaleType", {"VARCHAR(10)", Form::Ignored}},
      {"sqlalchemy_utils.ColorType", {"VARCHAR", Form::MaxLength}},
      {"sqlalchemy_utils.PhoneNumberType", {"VARCHAR", Form::MaxLength}},
      {"sqlalchemy_utils.PasswordType", {"BYTEA", Form::Ignored}},
      {"sqlalchemy_utils.WeekDaysType", {"BIT(7)", Form::Plain}},
      {"sqlalchemy_utils.IntRangeType", {"INT4RANGE", Form::Ignored}},
      {"sqlalchemy_utils.Int8RangeType", {"INT8RANGE", Form::Ignored}},
      {"sqlalchemy_utils.NumericRangeType", {"NUMRANGE", Form::Ignored}},
      {"sqlalchemy_utils.DateRangeType", {"DATERANGE", Form::Ignored}},
      {"sqlalchemy_utils.DateTimeRangeType", {"TSRANGE", Form::Ignored}},
      {"sqlalchemy_utils.EnrichedDateType", {"DATE", Form::Ignored}},
      {"sqlalchemy_utils.EnrichedDateTimeType", {"TIMESTAMP WITHOUT TIME ZONE", Form::Ignored}},
      {"sqlalchemy_json.NestedMutableJson", {"JSON", Form::Ignored}},
      {"sqlalchemy_json.MutableJson", {"JSON", Form::Ignored}},
      {"sqlalchemy_jsonfield.jsonfield.JSONField", {"TEXT", Form::JsonField}},
      {"sqlalchemy_jsonfield.JSONField", {"TEXT", Form::JsonField}},
      {"sqlalchemy_utc.UtcDateTime", {"TIMESTAMP WITH TIME ZONE", Form::Ignored}},
      {"sqlalchemy_utc.sqltypes.UtcDateTime", {"TIMESTAMP WITH TIME ZONE", Form::Ignored}},
      {"oslo_db.sqlalchemy.types.SoftDeleteInteger", {"INTEGER", Form::Ignored, Affinity::Integer}},
      {"oslo_db.sqlalchemy.types.JsonEncodedDict", {"TEXT", Form::Ignored}},
      {"oslo_db.sqlalchemy.types.JsonEncodedList", {"TEXT", Form::Ignored}},
      {"geoalchemy2.Geometry", {"geometry", Form::Geometry}},
      {"geoalchemy2.types.Geometry", {"geometry", Form::Geometry}},
      {"geoalchemy2.Geography", {"geography", Form::Geometry}},
      {"geoalchemy2.types.Geography", {"geography", Form::Geometry}},
      {"geoalchemy2.Raster", {"raster", Form::Raster}},
      {"geoalchemy2.types.Raster", {"raster", Form::Raster}},
      {"pgvector.sqlalchemy.HALFVEC", {"HALFVEC", Form::Vector}},
      {"pgvector.sqlalchemy.halfvec.HALFVEC", {"HALFVEC", Form::Vector}},
      {"pgvector.sqlalchemy.SPARSEVEC", {"SPARSEVEC", Form::Vector}},
      {"pgvector.sqlalchemy.vector.Vector", {"VECTOR", Form::Vector}},
      {"postgresql.DOMAIN", {"", Form::Domain}},
      {"citext.CIText", {"CITEXT"}},
      {"pgvector.sqlalchemy.Vector", {"VECTOR", Form::Vector}},
      {"pgvector.sqlalchemy.vector.VECTOR", {"VECTOR", Form::Vector}},
      {"pgvector.sqlalchemy.VECTOR", {"VECTOR", Form::Vector}},
  };
  return rows;
}

}  // namespace

const KnownType* known_type(std::string_view name) {
  constexpr std::string_view dialect = "postgresql.";
  if (name.starts_with(dialect)) name.remove_prefix(dialect.size());
  // MySQL's types of these names are written as SQLAlchemy's own; PostgreSQL has no others of it.
  constexpr std::string_view foreign = "mysql.";
  if (name.starts_with(foreign)) {
    const std::string_view own = name.substr(foreign.size());
    for (const std::string_view shared :
         {"VARCHAR", "CHAR", "BIGINT", "SMALLINT", "DATE", "JSON"}) {
      if (own == shared) name = own;
    }
  }
  // The package gives all of its types itself, too.
  constexpr std::string_view within = "sqlalchemy_utils.types.";
  std::string short_name;
  if (name.starts_with(within)) {
    short_name = "sqlalchemy_utils." + std::string(name.substr(name.rfind('.') + 1));
    name = short_name;
  }
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

}  // namespace driftd::alembic
