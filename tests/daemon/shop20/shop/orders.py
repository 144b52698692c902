import datetime
from decimal import Decimal

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Unicode,
    event,
    func,
)
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Archive, Base, Dated, IntKey, Short, Thirty, metadata
from .people import Person

numbers = Sequence("order_numbers", start=1000, increment=10)


class Order(Dated, Base):
    __tablename__ = "order"

    id: Mapped[IntKey]
    number: Mapped[int] = mapped_column(numbers, server_default=numbers.next_value())
    buyer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    last_invoice_id: Mapped[int | None] = mapped_column(
        ForeignKey("invoice.id", use_alter=True, name="fk_last_invoice"))
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    taxed: Mapped[Decimal | None] = mapped_column(Numeric(14, 3),
                                                  Computed("total * 1.2", persisted=True))
    weight: Mapped[float | None]
    due: Mapped[datetime.date | None] = mapped_column()
    at: Mapped[datetime.time | None]
    takes: Mapped[datetime.timedelta | None]
    scan: Mapped[bytes | None] = mapped_column(LargeBinary)
    code: Mapped[str | None] = mapped_column("order code", Unicode(8))
    during = mapped_column(pg.TSTZRANGE)
    place = mapped_column(pg.INET)
    words = mapped_column(pg.TSVECTOR)

    buyer: Mapped[Person] = relationship(back_populates="orders")

    __table_args__ = (
        pg.ExcludeConstraint(("during", "&&"), name="no_overlap", using="gist"),
        Index("ix_order_words", words, postgresql_using="gin"),
        Index("ix_order_due", due.desc(), postgresql_include=["total"]),
        CheckConstraint("total >= 0 AND weight > 0", name="sane"),
    )


class Invoice(Base):
    __tablename__ = "invoice"
    id: Mapped[int] = mapped_column(Identity(always=True, start=5), primary_key=True)
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey(Order.id, onupdate="CASCADE", ondelete="CASCADE"))
    sent: Mapped[datetime.datetime | None] = mapped_column(DateTime)


class Line(Base):
    __tablename__ = "line"
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str | None]


class Part(Base):
    __tablename__ = "part"
    order_id: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[Thirty]
    __table_args__ = (
        PrimaryKeyConstraint("order_id", "position", "name", name="part_key"),
        ForeignKeyConstraint([order_id, position], [Line.order_id, Line.position],
                             name="part_of_line"),
    )


watchers = Table(
    "watchers",
    metadata,
    Column("person_id", ForeignKey(Person.__table__.c.id), primary_key=True),
    Column("order_id", ForeignKey("order.id"), primary_key=True),
    Column("since", DateTime, server_default=func.now()),
    Index("ix_watchers_since", "since"),
)

Table("Plain Table", Base.metadata, Column("Id", Integer, primary_key=True),
      Column("watcher", Integer), Column("watched", Integer))


class Sighting(Base):
    __table__ = Table("sighting", Base.metadata, Column("id", Integer, primary_key=True),
                      Column("what", String(10), unique=True))


class OldOrder(Archive):
    __tablename__ = "old_order"
    id: Mapped[IntKey]
    before: Mapped[int | None] = mapped_column(ForeignKey("old_order.id"), index=True)
    name: Mapped[str | None] = mapped_column(unique=True)


event.listen(Order.__table__, "after_create",
             DDL("ALTER TABLE %(fullname)s ALTER COLUMN words SET STATISTICS 500"))
