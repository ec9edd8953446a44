-- Up to which recorded-at the rows of a table lie in the order of meters, run by run:
-- readings, ledger (what is not folded yet) and folded (the ledger's folded days).
CREATE TABLE lined_up (what VARCHAR NOT NULL, until BIGINT NOT NULL);
