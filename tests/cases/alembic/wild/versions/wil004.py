"""Rows, which change nothing"""
import json
import uuid
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base

revision = "wil004"
down_revision = "wil003"

Base = declarative_base()


class Empty(Base):
    __tablename__ = "empty"
    id = sa.Column(sa.Integer, primary_key=True)
    note = sa.Column(sa.Text)


def upgrade():
    op.add_column("empty", sa.Column("made", sa.DateTime(), nullable=True))
    conn = op.get_bind()
    notes = {}
    for row in conn.execute(sa.text("SELECT id, note FROM empty")).fetchall():
        if row.note is None:
            continue
        notes[row.id] = json.dumps({"note": row.note.strip().lower()})
    for key, value in notes.items():
        conn.execute(sa.text("UPDATE empty SET note = :n WHERE id = :i"), {"n": value, "i": key})
    if len(notes) > 3:
        print("many")
    session = Session(bind=conn)
    for one in session.query(Empty).filter(Empty.note == "x").all():
        one.note = str(uuid.uuid4())
        session.add(one)
    session.commit()
    if session.query(Empty).count() == 0:
        session.execute(sa.insert(Empty).values(note="first"))
    session.commit()
    bad = conn.execute(sa.text("SELECT count(*) FROM empty WHERE note = 'bad'")).scalar()
    if bad:
        raise ValueError(f"{bad} bad rows")
    now = datetime.utcnow()
    op.execute(f"UPDATE empty SET made = '{now}'")
    op.execute("INSERT INTO account (id, name, role) SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',"
               " 'x', 'buyer'")
    op.execute("DELETE FROM account")
    op.alter_column("empty", "made", nullable=False)
