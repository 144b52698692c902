-- as superuser
CREATE TEXT SEARCH PARSER app.second (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)
