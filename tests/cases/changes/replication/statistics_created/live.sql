CREATE STATISTICS app.other_pairs ON b, id FROM app.a
