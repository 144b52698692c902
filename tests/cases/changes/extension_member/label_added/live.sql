-- as superuser
ALTER TYPE ext.mood ADD VALUE 'worse';
