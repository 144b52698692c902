-- as superuser
DROP TEXT SEARCH TEMPLATE app.template
