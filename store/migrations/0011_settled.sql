-- Readings that have settled: those of a meter and a week in one row, in columns of
-- their own (package pack). A reading is either here or in readings, never in both.
CREATE TABLE settled (
  meter    INTEGER NOT NULL,
  first    BIGINT NOT NULL,  -- the earliest time in it
  last     BIGINT NOT NULL,  -- the latest
  earliest BIGINT NOT NULL,  -- the earliest recorded-at in it
  recorded BIGINT NOT NULL,  -- the latest
  readings INTEGER NOT NULL, -- stored versions: all,
  revised  INTEGER NOT NULL, -- those with a revision above 0,
  deleted  INTEGER NOT NULL, -- and those that take a reading back
  data     BLOB NOT NULL
);

-- Up to which time everything has settled that came before the last pass.
CREATE TABLE settled_until (until BIGINT NOT NULL);
