ALTER TYPE app.account_kind RENAME VALUE 'retirement' TO 'pension';
