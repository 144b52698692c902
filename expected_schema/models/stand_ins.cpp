#include "expected_schema/models/stand_ins.h"

#include <array>
#include <utility>

namespace driftd::models {
namespace {

// https://fastapi-users.github.io/fastapi-users/latest/configuration/databases/sqlalchemy/
constexpr std::string_view kUsers = R"(
from sqlalchemy import Boolean, ForeignKey, Integer, String, Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

GUID = Uuid


class SQLAlchemyBaseUserTable:
    __tablename__ = "user"
    email = mapped_column(String(320), unique=True, index=True, nullable=False)
    hashed_password = mapped_column(String(1024), nullable=False)
    is_active = mapped_column(Boolean, nullable=False)
    is_superuser = mapped_column(Boolean, nullable=False)
    is_verified = mapped_column(Boolean, nullable=False)


class SQLAlchemyBaseUserTableUUID(SQLAlchemyBaseUserTable):
    id = mapped_column(Uuid, primary_key=True)


class SQLAlchemyBaseOAuthAccountTable:
    __tablename__ = "oauth_account"
    oauth_name = mapped_column(String(100), index=True, nullable=False)
    access_token = mapped_column(String(1024), nullable=False)
    expires_at = mapped_column(Integer, nullable=True)
    refresh_token = mapped_column(String(1024), nullable=True)
    account_id = mapped_column(String(320), index=True, nullable=False)
    account_email = mapped_column(String(320), nullable=False)


class SQLAlchemyBaseOAuthAccountTableUUID(SQLAlchemyBaseOAuthAccountTable):
    id = mapped_column(Uuid, primary_key=True)

    @declared_attr
    def user_id(cls):
        return mapped_column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)


class SQLAlchemyUserDatabase:
    pass
)";

constexpr std::string_view kAccessTokens = R"(
from sqlalchemy import DateTime, ForeignKey, String, Uuid
from sqlalchemy.orm import declared_attr, mapped_column


class SQLAlchemyBaseAccessTokenTable:
    __tablename__ = "accesstoken"
    token = mapped_column(String(43), primary_key=True)
    created_at = mapped_column(DateTime(timezone=True), index=True, nullable=False)


class SQLAlchemyBaseAccessTokenTableUUID(SQLAlchemyBaseAccessTokenTable):
    @declared_attr
    def user_id(cls):
        return mapped_column(Uuid, ForeignKey("user.id", ondelete="cascade"), nullable=False)


class SQLAlchemyAccessTokenDatabase:
    pass
)";

// https://sqlalchemy-utils.readthedocs.io/en/latest/models.html and oslo.db's models
constexpr std::string_view kMixinsText = R"(
from sqlalchemy import Column, DateTime, Integer


class Timestamp:
    created = Column(DateTime, nullable=False)
    updated = Column(DateTime, nullable=False)


class OsloTimestampMixin:
    created_at = Column(DateTime)
    updated_at = Column(DateTime)


class OsloSoftDeleteMixin:
    deleted_at = Column(DateTime)
    deleted = Column(Integer)


class Nothing:
    pass
)";

struct Mixin {
  std::string_view path;
  std::string_view name;
};

constexpr std::array kLibraryMixins = {
    Mixin{"sqlalchemy_utils.Timestamp", "Timestamp"},
    Mixin{"sqlalchemy_utils.models.Timestamp", "Timestamp"},
    Mixin{"oslo_db.sqlalchemy.models.TimestampMixin", "OsloTimestampMixin"},
    Mixin{"oslo_db.sqlalchemy.models.SoftDeleteMixin", "OsloSoftDeleteMixin"},
    Mixin{"oslo_db.sqlalchemy.models.ModelBase", "Nothing"},
    Mixin{"oslo_db.sqlalchemy.models.ModelIterator", "Nothing"},
    Mixin{"flask_security.UserMixin", "Nothing"},
    Mixin{"flask_security.RoleMixin", "Nothing"},
    Mixin{"flask_security.WebAuthnMixin", "Nothing"},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAll{{
    {kMixins, kMixinsText},
    {"fastapi_users_db_sqlalchemy", kUsers},
    {"fastapi_users.db", kUsers},
    {"fastapi_users_db_sqlalchemy.access_token", kAccessTokens},
}};

}  // namespace

std::string_view library_mixin(std::string_view path) {
  for (const Mixin& mixin : kLibraryMixins) {
    if (mixin.path == path) return mixin.name;
  }
  return {};
}

std::optional<std::string_view> stand_in(std::string_view module) {
  for (const auto& [name, text] : kAll) {
    if (name == module) return text;
  }
  return std::nullopt;
}

}  // namespace driftd::models
