-- What the publisher to InfluxDB has done. What it has to do is in the ledger, in
-- the order of its recording.

-- Up to which recorded-at each stream is published.
CREATE TABLE influx_cursor (stream VARCHAR NOT NULL, recorded BIGINT NOT NULL);

-- Stretches of days that were asked for again; next is the first day to do.
CREATE TABLE influx_backfill (
  id       BIGINT NOT NULL,
  from_day INTEGER NOT NULL,
  to_day   INTEGER NOT NULL,
  next     INTEGER NOT NULL
);

-- Points that InfluxDB refuses for themselves.
CREATE TABLE influx_rejected (
  sequence BIGINT NOT NULL,
  recorded BIGINT NOT NULL,  -- when it was refused
  status   INTEGER NOT NULL, -- of the HTTP answer
  reason   VARCHAR NOT NULL,
  line     VARCHAR NOT NULL
);
