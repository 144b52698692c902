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

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kAll{{
    {"fastapi_users_db_sqlalchemy", kUsers},
    {"fastapi_users_db_sqlalchemy.access_token", kAccessTokens},
}};

}  // namespace

std::optional<std::string_view> stand_in(std::string_view module) {
  for (const auto& [name, text] : kAll) {
    if (name == module) return text;
  }
  return std::nullopt;
}

}  // namespace driftd::models
