#!/usr/bin/env python3
"""Print the SQL that creates what SQLAlchemy models describe, for `driftd check --models`.

    print_models.py app.models:Base.metadata
    print_models.py app.db:db.metadata --import app.users.models --import app.orders.models

MODULE:ATTRIBUTE names a MetaData, or a class or object that has one as `metadata`. Modules given
with --import are imported first, for models that nothing else imports. No database is connected to:
SQLAlchemy's mock engine hands over each statement that `create_all` would run, in its order, with
foreign keys of circular tables last. SQLAlchemy 1.4 and newer.
"""

import argparse
import importlib
import os
import sys


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("metadata", metavar="MODULE:ATTRIBUTE")
    parser.add_argument("--import", dest="modules", action="append", default=[], metavar="MODULE")
    parser.add_argument(
        "--path", default=".", help="the folder that modules are found from (default: this one)"
    )
    return parser.parse_args()


def find_metadata(name):
    from sqlalchemy import MetaData

    module, colon, attributes = name.partition(":")
    if not colon:
        sys.exit(f"print_models: {name}: write MODULE:ATTRIBUTE, such as app.models:Base.metadata")
    found = importlib.import_module(module)
    for attribute in attributes.split("."):
        if not hasattr(found, attribute):
            sys.exit(f"print_models: {name}: {found!r} has no attribute {attribute}")
        found = getattr(found, attribute)
    if not isinstance(found, MetaData):
        found = getattr(found, "metadata", None)
    if not isinstance(found, MetaData):
        sys.exit(f"print_models: {name} is no MetaData and has none as its attribute metadata")
    return found


def main():
    given = arguments()
    sys.path.insert(0, os.path.abspath(given.path))
    # What the application prints while it is imported is no SQL.
    out, sys.stdout = sys.stdout, sys.stderr
    for module in given.modules:
        importlib.import_module(module)
    metadata = find_metadata(given.metadata)
    if not metadata.tables:
        sys.exit(f"print_models: {given.metadata} has no tables; name the modules with --import")

    from sqlalchemy import create_mock_engine

    def show(statement, *ignored, **also_ignored):
        text = statement
        if not isinstance(text, str):
            text = str(statement.compile(dialect=engine.dialect))
        print(text.strip().rstrip(";") + ";\n", file=out)

    # A style of parameters without percent signs, which would be doubled.
    engine = create_mock_engine("postgresql://", show, paramstyle="named")
    metadata.create_all(engine, checkfirst=False)


if __name__ == "__main__":
    main()
