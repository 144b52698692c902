"""Fills the example's database with a few rows, by plain SQL. Running it again changes nothing."""

import os

from sqlalchemy import create_engine, text

STATEMENTS = [
    """
    INSERT INTO users (email, display_name, phone) VALUES
        ('ada@example.com', 'Ada Marsh', '+1 555 0100'),
        ('ben@example.com', 'Ben Okoro', NULL),
        ('carla@example.com', 'Carla Reyes', '+34 555 0102')
    ON CONFLICT (email) DO NOTHING
    """,
    """
    INSERT INTO brokers (code, name, settlement_days) VALUES
        ('NRTH', 'Northgate Securities', 2),
        ('HRBR', 'Harbor Clearing', 1)
    ON CONFLICT (code) DO NOTHING
    """,
    """
    INSERT INTO accounts (user_id, primary_broker_id, number, kind, currency)
    SELECT u.id, b.id, v.number, v.kind::account_kind, v.currency
    FROM (VALUES
        ('ada@example.com', 'NRTH', 'N-1001', 'cash', 'USD'),
        ('ada@example.com', 'HRBR', 'H-2001', 'margin', 'USD'),
        ('ben@example.com', 'NRTH', 'N-1002', 'retirement', 'USD'),
        ('carla@example.com', 'HRBR', 'H-2002', 'cash', 'EUR')
    ) AS v (email, broker, number, kind, currency)
    JOIN users u ON u.email = v.email
    JOIN brokers b ON b.code = v.broker
    ON CONFLICT (user_id, number) DO NOTHING
    """,
    """
    UPDATE brokers b SET house_account_id = a.id
    FROM accounts a
    WHERE a.number = 'H-2001' AND b.code = 'HRBR' AND b.house_account_id IS NULL
    """,
    """
    INSERT INTO positions (account_id, symbol, quantity, average_cost)
    SELECT a.id, v.symbol, v.quantity, v.average_cost
    FROM (VALUES
        ('N-1001', 'ACME', 12.5, 41.20),
        ('N-1001', 'GLOB', 3, 310.00),
        ('H-2001', 'ACME', 0.00012345, 43.75),
        ('N-1002', 'INDX', 80, 99.10)
    ) AS v (number, symbol, quantity, average_cost)
    JOIN accounts a ON a.number = v.number
    ON CONFLICT (account_id, symbol) DO NOTHING
    """,
    """
    INSERT INTO transactions (account_id, broker_id, symbol, traded_on, amount, fee, status)
    SELECT a.id, a.primary_broker_id, v.symbol, v.traded_on::date, v.amount, v.fee,
           v.status::transaction_status
    FROM (VALUES
        ('N-1001', NULL, '2026-10-01', 2000.00, 0.00, 'settled'),
        ('N-1001', 'ACME', '2026-10-02', -515.00, 1.50, 'settled'),
        ('H-2001', 'ACME', '2026-11-19', -5.40, 0.10, 'pending'),
        ('H-2002', NULL, '2026-11-20', 750.00, 0.00, 'cancelled')
    ) AS v (number, symbol, traded_on, amount, fee, status)
    JOIN accounts a ON a.number = v.number
    WHERE NOT EXISTS (SELECT FROM transactions)
    """,
    """
    INSERT INTO watchlist_items (user_id, symbol)
    SELECT id, 'GLOB' FROM users WHERE email = 'ben@example.com'
    ON CONFLICT (user_id, symbol) DO NOTHING
    """,
]


def database_url() -> str:
    path = os.environ.get("DATABASE_URL_FILE")
    if path:
        with open(path, encoding="utf-8") as secret:
            return secret.read().strip()
    return os.environ["DATABASE_URL"]


def main() -> None:
    engine = create_engine(database_url())
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.execute(text(statement))
    engine.dispose()


if __name__ == "__main__":
    main()
