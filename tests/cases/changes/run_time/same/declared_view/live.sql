CREATE VIEW app.report_7 AS SELECT 1 AS one;
