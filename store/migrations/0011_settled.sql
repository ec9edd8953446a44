-- Readings that have settled: those of a meter and a UTC day in one row, or those of
-- a few days where they are few, in columns of their own (package pack). A reading is
-- either here or in readings, never in both.
CREATE TABLE settled (
  meter    INTEGER NOT NULL,
  day      INTEGER NOT NULL, -- the first UTC day in it
  until    INTEGER NOT NULL, -- the last
  earliest BIGINT NOT NULL,  -- the earliest recorded-at in it
  recorded BIGINT NOT NULL,  -- the latest
  readings INTEGER NOT NULL, -- stored versions: all,
  revised  INTEGER NOT NULL, -- those with a revision above 0,
  deleted  INTEGER NOT NULL, -- and those that take a reading back
  data     BLOB NOT NULL
);

-- How far readings have settled: what had come by recorded, until a UTC day, and
-- until which one they lie in order, and those of sparse days are in packs as well.
CREATE TABLE settled_until (day INTEGER NOT NULL, recorded BIGINT NOT NULL, ordered INTEGER NOT NULL);
