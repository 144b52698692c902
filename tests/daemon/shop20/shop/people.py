from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    Mapped,
    WriteOnlyMapped,
    column_property,
    declared_attr,
    mapped_column,
    relationship,
)

from .base import (
    Base,
    ByUuid,
    Colour,
    Dated,
    Document,
    Email,
    Identified,
    Level,
    Money,
    Named,
    Noted,
    Short,
)

if TYPE_CHECKING:
    from .orders import Order


class Address:
    street: Mapped[str | None] = mapped_column(String(100))
    town: Mapped[str] = mapped_column(String(50), server_default="nowhere")


class Person(Identified, Dated, Address, Base):
    __tablename__ = "person"

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80), index=True)
    email: Mapped[Email | None] = mapped_column(unique=True)
    age: Mapped[int | None] = mapped_column()
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(String(30)), server_default="{}")
    level: Mapped[Level] = mapped_column(server_default=Level.low.name)
    colour: Mapped["Colour | None"]
    size: Mapped[Literal["s", "m", "l"] | None] = mapped_column(
        Enum("s", "m", "l", native_enum=False, length=5))
    shape: Mapped[str | None] = mapped_column(
        Enum("round", "flat", name="shape", native_enum=False, create_constraint=True))
    wallet: Mapped[Money | None] = mapped_column(Money)
    papers = mapped_column(Document, comment="as JSON")
    active: Mapped[bool] = mapped_column(default=True)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    bio: Mapped[str | None] = mapped_column(Text, deferred=True)
    name_length = column_property(func.length(column("name")))

    __table_args__ = (
        UniqueConstraint("name", "town", name="one_person"),
        CheckConstraint(age >= 0, name="age"),
        Index("ix_person_lower_name", func.lower(name)),
        Index("ix_person_sqlite", "name").ddl_if(dialect="sqlite"),
        {"comment": "everybody"},
    )

    boss: Mapped[Person | None] = relationship(remote_side="Person.id")
    orders: WriteOnlyMapped["Order"] = relationship(back_populates="buyer")
    numbers: AssociationProxy[list[int]] = association_proxy("orders", "number")

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}

    @hybrid_property
    def initial(self) -> str:
        return self.name[0]

    @initial.inplace.expression
    @classmethod
    def _initial(cls):
        return func.substr(cls.name, 1, 1)


class Customer(Person):
    __mapper_args__ = {"polymorphic_identity": "customer"}
    discount: Mapped[int | None]


class Clerk(Person):
    __tablename__ = "clerk"
    __mapper_args__ = {"polymorphic_identity": "clerk"}
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    desk: Mapped[Short]


class PostBox(ByUuid, Named, Noted, Base):
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey(Person.id, name="box_owner", deferrable=True, initially="DEFERRED"))
    number: Mapped[int] = mapped_column(BigInteger)

    @declared_attr.directive
    def __table_args__(cls):
        return (
            Index(None, "owner_id", cls.number, unique=True),
            Index("ix_box_owned", "owner_id", postgresql_where=text("owner_id IS NOT NULL")),
            CheckConstraint(cls.number > 0, name="number"),
        )


class Unmapped(Base):
    __abstract__ = True
    never: Mapped[int | None]


class Badge(Unmapped, Named):
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shade: Mapped[Colour | None] = mapped_column()


Index("ix_badge_shade", Badge.__table__.c.shade, postgresql_using="hash")
