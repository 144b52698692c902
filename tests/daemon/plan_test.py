"""`driftd plan --models`: revisions that the real Alembic runs, there and back."""

import re
import subprocess
import sys
import unittest

from harness import driftd, main, new_app

CHANGES = (
    # a column, with an index; a type that changes; a default that goes
    ("    id = Column(BigInteger, Identity(always=False), primary_key=True)\n    public_id",
     "    id = Column(BigInteger, Identity(always=False), primary_key=True)\n"
     "    mobile = Column(String(20), index=True)\n    public_id"),
    ("String(320)", "String(400)"),
    # a column that no model has any more
    ("    phone = Column(String(32))\n", ""),
)
# Two tables in a circle, a type, a check, an expression.
MORE = '''

class Ring(Base):
    __tablename__ = "ring"
    id = Column(Integer, primary_key=True)
    name = Column(Enum("a", "it's", name="ring kind"), nullable=False, server_default="a")
    stone_id = Column(ForeignKey("stone.id"))
    made = Column(DateTime(timezone=True), server_default=func.now())
    __table_args__ = (
        UniqueConstraint("stone_id"),
        CheckConstraint("id > 0 AND name <> 'it''s'", name="positive"),
        Index("ix_ring_made", "made", postgresql_using="brin"),
        Index("ix_ring_old", text("date_trunc('day', made AT TIME ZONE 'UTC')"), unique=True,
              postgresql_where=text("id > 10")),
    )


class Stone(Base):
    __tablename__ = "stone"
    id = Column(BigInteger, primary_key=True)
    ring_id = Column(ForeignKey("ring.id", ondelete="CASCADE"), nullable=False)
    weight = Column(Numeric(10, 2))
    names = Column(JSONB, nullable=False)
'''


class Plan(unittest.TestCase):
    def setUp(self):
        self.app = new_app()
        self.models = self.app.project / "app" / "models.py"
        self.text = self.models.read_text()

    def change(self, *changes, more=""):
        text = self.models.read_text()
        for old, new in changes:
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        self.models.write_text(text + more)

    def plan(self, *arguments):
        return driftd("plan", "--models", "--migrations", str(self.app.project),
                      "--models.path", str(self.models), *arguments)

    def check(self):
        return driftd("check", "--models", "--migrations", str(self.app.project),
                      "--models.path", str(self.models), "--fail-on", "harmless")

    def test_alembic_runs_the_revisions_there_and_back(self):
        self.change(*CHANGES, more=MORE)
        self.assertEqual(self.check().code, 2)
        before = self.app.server.dump(self.app.name, "--schema-only")
        result = self.plan("--output", str(self.app.versions))
        self.assertEqual((result.code, result.err), (0, ""), result)
        files = result.out.splitlines()
        self.assertEqual(len(files), 8, files)
        self.assertEqual(self.check().code, 0, self.check())

        self.app.alembic("upgrade", "head")
        live = driftd("check", "--database", self.app.uri, "--migrations", str(self.app.project))
        self.assertEqual(live.code, 0, live)
        self.app.alembic("downgrade", "014")
        after = self.app.server.dump(self.app.name, "--schema-only")
        self.assertEqual(sorted(after.splitlines()), sorted(before.splitlines()))
        self.app.alembic("upgrade", "head")

    def test_prints_one_change_a_revision_as_a_chain(self):
        self.change(*CHANGES, more=MORE)
        result = self.plan()
        self.assertEqual((result.code, result.err), (0, ""), result)
        revisions = re.findall(r'^revision = "(\w+)"$', result.out, re.M)
        down = re.findall(r'^down_revision = "(\w+)"$', result.out, re.M)
        self.assertEqual(down, ["014", *revisions[:-1]])
        titles = re.findall(r'^"""(.+?)\.(?:""")?$', result.out, re.M)
        self.assertEqual(titles, [
            "Create type ring kind",
            "Create table ring",
            "Create table stone",
            "Alter column users.email",
            "Add column users.mobile",
            "Drop column users.phone",
            "Add constraint fk_ring_stone_id_stone to ring, which closes a circle",
            "Add index ix_users_mobile of users"])
        self.assertEqual(self.plan().out, result.out, "the same changes have the same revisions")
        for text in re.split(r"^# \w+\.py$", result.out, flags=re.M)[1:]:
            compile(text, "revision", "exec")

    def test_what_loses_rows_says_so(self):
        self.change(("    phone = Column(String(32))\n", ""))
        result = self.plan()
        self.assertIn("No model has this column; what is in it is lost.", result.out)
        self.assertIn('op.drop_column("users", "phone")', result.out)
        self.assertIn('op.add_column("users", sa.Column("phone", sa.String(32), nullable=True))',
                      result.out)

    def test_nothing_to_plan(self):
        result = self.plan()
        self.assertEqual((result.code, result.out), (0, ""), result)
        self.assertIn("nothing to plan", result.err)

    def test_what_is_not_understood_is_not_planned(self):
        self.change(more="\n\nclass Odd(Base):\n    __tablename__ = make_name()\n")
        result = self.plan()
        self.assertEqual((result.code, result.out), (1, ""), result)
        self.assertIn("nothing is planned for it", result.err)

    def test_several_heads(self):
        self.app.add_revision("x1", "013", "pass")
        self.change(CHANGES[1])
        result = self.plan()
        self.assertEqual(result.code, 1, result)
        self.assertIn("has 2 heads", result.err)

    def test_no_file_is_overwritten(self):
        self.change(CHANGES[1])
        first = self.plan("--output", str(self.app.directory))
        self.assertEqual(first.code, 0, first)
        self.assertIn("is there already", self.plan("--output", str(self.app.directory)).err)


if __name__ == "__main__":
    main()
