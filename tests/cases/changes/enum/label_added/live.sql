ALTER TYPE app.account_kind ADD VALUE 'crypto' AFTER 'margin';
