-- Up to which recorded-at the rows of a table lie in the order of meters, run by run:
-- readings, ledger (what is not folded yet) and folded (the ledger's folded days). Of
-- packs, the packs of the running month, it is the UTC day.
CREATE TABLE lined_up (what VARCHAR NOT NULL, until BIGINT NOT NULL);
