DROP STATISTICS app.pairs;
CREATE STATISTICS app.pairs (mcv) ON b, c FROM app.a
