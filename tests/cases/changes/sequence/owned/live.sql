ALTER SEQUENCE app.ticket_number OWNED BY app.users.id;
