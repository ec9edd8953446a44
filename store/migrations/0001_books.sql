-- The books. Append-only: nothing here is updated in place but offsets, which
-- are the position, not a fact. No key and no unique index: measured, a primary
-- key costs three times the rate and 73 bytes a row. Times are Unix
-- milliseconds, days are days since 1970-01-01, months are year * 12 + month - 1,
-- quantities are micro-units.

CREATE TABLE readings (
  meter    INTEGER NOT NULL,
  time     BIGINT NOT NULL,
  value    BIGINT NOT NULL,   -- as shown, before the multiplier, x 10^decimals
  start    BIGINT NOT NULL,   -- deltas and bills, else 0
  received BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  unit     UTINYINT NOT NULL,
  kind     UTINYINT NOT NULL,
  register UTINYINT NOT NULL,
  deleted  BOOLEAN NOT NULL,
  original VARCHAR,           -- the text, where it has more than six decimals
  decimals UTINYINT NOT NULL  -- as many as the values of one transaction need
);

CREATE TABLE ledger (
  meter     INTEGER NOT NULL,
  day       INTEGER NOT NULL, -- the building's local day
  quantity  BIGINT NOT NULL,  -- the carrier's canonical unit
  known     INTEGER NOT NULL, -- milliseconds
  estimated BIGINT NOT NULL,
  cause     UTINYINT NOT NULL,
  recorded  BIGINT NOT NULL
);

-- Sums of the ledger's entries by account and month; present only.
CREATE TABLE rollup (
  account   INTEGER NOT NULL,
  month     INTEGER NOT NULL,
  quantity  BIGINT NOT NULL,
  known     BIGINT NOT NULL,
  estimated BIGINT NOT NULL
);

-- Verdicts on readings that are not plainly accepted. The latest holds.
CREATE TABLE codes (
  meter    INTEGER NOT NULL,
  time     BIGINT NOT NULL,
  start    BIGINT NOT NULL,
  kind     UTINYINT NOT NULL,
  register UTINYINT NOT NULL,
  code     VARCHAR NOT NULL,  -- '' takes an earlier one back
  recorded BIGINT NOT NULL
);

CREATE TABLE rejected (
  sequence   BIGINT NOT NULL,
  received   BIGINT NOT NULL,
  recorded   BIGINT NOT NULL,
  source     VARCHAR NOT NULL,
  "partition" INTEGER NOT NULL,
  "offset"   BIGINT NOT NULL,
  code       VARCHAR NOT NULL,
  detail     VARCHAR NOT NULL,
  original   BLOB NOT NULL
);

CREATE TABLE parked (
  meter    VARCHAR NOT NULL,
  time     BIGINT NOT NULL,
  value    BIGINT NOT NULL,
  start    BIGINT,
  received BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  unit     UTINYINT NOT NULL,
  kind     UTINYINT NOT NULL,
  register UTINYINT NOT NULL,
  deleted  BOOLEAN NOT NULL,
  original VARCHAR
);

CREATE TABLE offsets ("partition" INTEGER NOT NULL, next BIGINT NOT NULL);

-- Which log the offsets belong to.
CREATE TABLE log_identity (cluster VARCHAR NOT NULL, topic VARCHAR NOT NULL, partitions INTEGER NOT NULL);

-- Up to which recorded-at the ledger is folded.
CREATE TABLE folded (until BIGINT NOT NULL);

-- Stretches of the log that were gone before they were read.
CREATE TABLE gaps ("partition" INTEGER NOT NULL, first BIGINT NOT NULL, next BIGINT NOT NULL, recorded BIGINT NOT NULL);

-- Every version of every registry table, as it was imported.
CREATE TABLE registry_tables (name VARCHAR NOT NULL, content BLOB NOT NULL, recorded BIGINT NOT NULL);

CREATE TABLE meters (id INTEGER NOT NULL, key VARCHAR NOT NULL);
CREATE TABLE accounts (id INTEGER NOT NULL, institution VARCHAR NOT NULL, carrier UTINYINT NOT NULL, use UTINYINT NOT NULL);
CREATE TABLE attribution (meter INTEGER NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, account INTEGER NOT NULL);

-- The first and latest reading of each meter, as of a recorded-at.
CREATE TABLE heads (meter INTEGER NOT NULL, first BIGINT NOT NULL, seen BIGINT NOT NULL);
CREATE TABLE heads_as_of (recorded BIGINT NOT NULL);

-- How far rejected rows are published to the topic readings.rejected.
CREATE TABLE published (topic VARCHAR NOT NULL, sequence BIGINT NOT NULL);

-- Meters whose books must be computed anew: facts changed, and the work is not
-- done yet.
CREATE TABLE recompute (meter INTEGER NOT NULL);
