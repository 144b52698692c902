DROP PROCEDURE app.settle(bigint);
