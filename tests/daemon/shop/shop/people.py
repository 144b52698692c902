from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import backref, column_property, deferred, relationship, validates

from .base import Base, ByUuid, CaseInsensitive, Colour, Dated, Document, Identified, Level, Money, Named, Noted, values

if TYPE_CHECKING:
    from .orders import Order


class Address:
    """A plain class between the mixins."""

    street = Column(String(100))
    town = Column(String(50), nullable=False, server_default="nowhere")


class Person(Identified, Dated, Address, Base):
    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("name", "town", name="one_person"),
        CheckConstraint("age >= 0", name="age"),
        Index("ix_person_lower_name", func.lower(text("name"))),
        {"comment": "everybody"},
    )

    kind = Column(String(20), nullable=False)
    name = Column(String(80), nullable=False, index=True)
    email = Column(CaseInsensitive, unique=True)
    age = Column(Integer)
    settings = Column(MutableDict.as_mutable(JSONB), nullable=False, server_default=text("'{}'"))
    tags = Column(ARRAY(String(30)), server_default="{}")
    level = Column(Enum(Level), nullable=False, server_default=Level.low.name)
    colour = Column(Enum(Colour, values_callable=values, name="colours"))
    size = Column(Enum("s", "m", "l", native_enum=False, length=5))
    shape = Column(Enum("round", "flat", name="shape", native_enum=False, create_constraint=True))
    wallet = Column(Money)
    papers = Column(Document, comment="as JSON")
    active = Column(Boolean(), default=True, nullable=False)
    boss_id = Column(ForeignKey("person.id", ondelete="SET NULL"))
    bio = deferred(Column(Text))
    name_length = column_property(func.length(name))

    boss = relationship("Person", remote_side="Person.id", backref=backref("team"))
    orders = relationship("Order", back_populates="buyer")

    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}

    @hybrid_property
    def initial(self):
        return self.name[0]

    @initial.expression
    def initial(cls):
        return func.substr(cls.name, 1, 1)

    @property
    def shout(self):
        return self.name.upper()

    @shout.setter
    def shout(self, value):
        self.name = value.lower()

    @validates("email")
    def check_email(self, key, value):
        return value


class Customer(Person):
    """Of the same table."""

    __mapper_args__ = {"polymorphic_identity": "customer"}
    discount = Column(Integer)


class Clerk(Person):
    """Of a table of its own."""

    __tablename__ = "clerk"
    __mapper_args__ = {"polymorphic_identity": "clerk"}
    id = Column(Integer, ForeignKey("person.id"), primary_key=True)
    desk = Column(String(10), nullable=False)


class PostBox(ByUuid, Named, Noted, Base):
    owner_id = Column(Integer, ForeignKey(Person.id, name="box_owner", deferrable=True,
                                          initially="DEFERRED"))
    number = Column(BigInteger, nullable=False)

    __table_args__ = (
        Index(None, owner_id, number, unique=True),
        Index("ix_box_owned", "owner_id", postgresql_where=owner_id.isnot(None)),
        CheckConstraint(number > 0, name="number"),
    )


class Unmapped(Base):
    __abstract__ = True
    never = Column(Integer)


class Badge(Unmapped, Named):
    id = Column(Integer, primary_key=True, autoincrement=False)
    shade = Column(Enum(Colour, values_callable=values, name="colours"))


Index("ix_badge_shade", Badge.shade, postgresql_using="hash")
