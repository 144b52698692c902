DROP INDEX app.customer_0_name_idx;
