from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Time,
    Unicode,
    event,
    literal_column,
)
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import relationship

from shop.base import Archive, Base, Dated, Identified, metadata
from shop.people import Person

numbers = Sequence("order_numbers", start=1000, increment=10)


class Order(Identified, Dated, Base):
    __tablename__ = "order"

    number = Column(Integer, numbers, server_default=numbers.next_value(), nullable=False)
    buyer_id = Column(Integer, ForeignKey("person.id"), nullable=False, index=True)
    # A circle: an invoice belongs to an order, and an order has a last invoice.
    last_invoice_id = Column(Integer, ForeignKey("invoice.id", use_alter=True, name="fk_last_invoice"))
    total = Column(Numeric(12, 2), nullable=False, server_default="0")
    taxed = Column(Numeric(14, 3), Computed("total * 1.2", persisted=True))
    weight = Column(Float)
    due = Column(Date)
    at = Column(Time)
    takes = Column(Interval)
    scan = Column(LargeBinary)
    code = Column("order code", Unicode(8))
    during = Column(pg.TSTZRANGE)
    place = Column(pg.INET)
    words = Column(pg.TSVECTOR)

    buyer = relationship(Person, back_populates="orders")

    __table_args__ = (
        pg.ExcludeConstraint((during, "&&"), name="no_overlap", using="gist"),
        Index("ix_order_words", words, postgresql_using="gin"),
        Index("ix_order_due", due.desc(), postgresql_include=["total"]),
        CheckConstraint("total >= 0"  # on two lines
                        " AND weight > 0", name="sane"),
    )


class Invoice(Base):
    __tablename__ = "invoice"
    id = Column(Integer, Identity(always=True, start=5), primary_key=True)
    order_id = Column(ForeignKey(Order.id, onupdate="CASCADE", ondelete="CASCADE"))
    sent = Column(DateTime)


class Line(Base):
    __tablename__ = "line"
    order_id = Column(Integer, ForeignKey("order.id"), primary_key=True)
    position = Column(SmallInteger, primary_key=True)
    text = Column(String)


class Part(Base):
    __tablename__ = "part"
    order_id = Column(Integer)
    position = Column(SmallInteger)
    name = Column(String(30))
    __table_args__ = (
        PrimaryKeyConstraint("order_id", "position", "name", name="part_key"),
        ForeignKeyConstraint(["order_id", "position"], ["line.order_id", "line.position"],
                             name="part_of_line"),
        {"info": {"a": 1}},
    )


watchers = Table(
    "watchers",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("order_id", ForeignKey(Order.id), primary_key=True),
    Column("since", DateTime, server_default=literal_column("now()")),
    Index("ix_watchers_since", "since"),
)

plain = Table("Plain Table", Base.metadata, Column("Id", Integer, primary_key=True),
              Column("watcher", Integer), Column("watched", Integer))


class Sighting(Base):
    __table__ = Table("sighting", Base.metadata, Column("id", Integer, primary_key=True),
                      Column("what", String(10), unique=True))


class OldOrder(Archive):
    __tablename__ = "old_order"
    id = Column(Integer, primary_key=True)
    before = Column(Integer, ForeignKey("old_order.id"), index=True)
    name = Column(String(10), unique=True)


event.listen(Order.__table__, "after_create",
             DDL("ALTER TABLE %(fullname)s ALTER COLUMN words SET STATISTICS 500"))
event.listen(metadata, "after_create",
             DDL("CREATE TABLE never (id int)").execute_if(dialect="mysql"))
