"""The tables of a small brokerage, as its app sees them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base(
    metadata=MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
)


class Timestamps:
    """Set by the database; `updated_at` by the trigger of revision 012."""

    created_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
    updated_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)


class User(Timestamps, Base):
    __tablename__ = "users"
    __table_args__ = ({"comment": "People who can log in"},)

    id = Column(BigInteger, Identity(always=False), primary_key=True)
    public_id = Column(
        UUID(as_uuid=True), server_default=text("gen_random_uuid()"), nullable=False, unique=True
    )
    email = Column(String(320), nullable=False, unique=True)
    display_name = Column(String(200), nullable=False)
    active = Column(Boolean, server_default=text("true"), nullable=False)
    phone = Column(String(32))

    accounts = relationship("Account", back_populates="user")


class Broker(Timestamps, Base):
    __tablename__ = "brokers"
    __table_args__ = ({"comment": "Firms that execute orders for us"},)

    id = Column(BigInteger, Identity(always=False), primary_key=True)
    code = Column(String(16), nullable=False, unique=True)
    name = Column(String(200), nullable=False)
    settlement_days = Column(Integer, nullable=False)
    house_account_id = Column(
        BigInteger,
        # brokers and accounts point at each other: this key is added once both exist.
        ForeignKey("accounts.id", ondelete="SET NULL", use_alter=True),
    )

    house_account = relationship("Account", foreign_keys=[house_account_id], post_update=True)


class Account(Timestamps, Base):
    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("user_id", "number"),
        Index(None, "primary_broker_id"),
        {"comment": "Money and securities of a user"},
    )

    id = Column(BigInteger, Identity(always=False), primary_key=True)
    user_id = Column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    primary_broker_id = Column(
        BigInteger, ForeignKey("brokers.id", ondelete="RESTRICT"), nullable=False
    )
    number = Column(String(34), nullable=False)
    kind = Column(Enum("cash", "margin", "retirement", name="account_kind"), nullable=False)
    currency = Column(String(3), server_default="USD", nullable=False)
    settings = Column(JSONB, server_default=text("'{}'::jsonb"), nullable=False)

    user = relationship("User", back_populates="accounts")
    primary_broker = relationship("Broker", foreign_keys=[primary_broker_id])


class Position(Timestamps, Base):
    __tablename__ = "positions"
    __table_args__ = (
        UniqueConstraint("account_id", "symbol"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("average_cost >= 0", name="average_cost_not_negative"),
        {"comment": "What an account holds of one security"},
    )

    id = Column(BigInteger, Identity(always=False), primary_key=True)
    account_id = Column(BigInteger, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)
    symbol = Column(String(16), nullable=False)
    quantity = Column(Numeric(20, 8), server_default=text("0"), nullable=False)
    average_cost = Column(Numeric(20, 8), server_default=text("0"), nullable=False)


class Transaction(Timestamps, Base):
    __tablename__ = "transactions"
    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index(None, "account_id", "traded_on"),
        Index(
            "ix_transactions_pending",
            "account_id",
            "created_at",
            postgresql_where=text("status = 'pending'"),
        ),
        {"comment": "Trades and transfers; never changed once settled"},
    )

    id = Column(BigInteger, Identity(always=False), primary_key=True)
    account_id = Column(BigInteger, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)
    broker_id = Column(BigInteger, ForeignKey("brokers.id", ondelete="RESTRICT"), nullable=False)
    symbol = Column(String(16))
    traded_on = Column(Date, nullable=False)
    amount = Column(Numeric(18, 2), nullable=False)
    fee = Column(Numeric(18, 2), server_default=text("0"), nullable=False)
    net_amount = Column(Numeric(18, 2), Computed("amount - fee", persisted=True))
    note = Column(Text)
    status = Column(
        Enum("pending", "settled", "failed", "cancelled", name="transaction_status"),
        server_default="pending",
        nullable=False,
    )


class WatchlistItem(Base):
    __tablename__ = "watchlist_items"
    __table_args__ = (PrimaryKeyConstraint("user_id", "symbol"),)

    user_id = Column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    symbol = Column(String(16), nullable=False)
    added_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
