DROP SEQUENCE app.ticket_number;
