-- Frozen reports: what was said on a day, and what it rested on. Append-only.
CREATE TABLE reports (
  id       BIGINT NOT NULL,
  name     VARCHAR NOT NULL,
  author   VARCHAR NOT NULL,
  created  BIGINT NOT NULL,
  known_at BIGINT NOT NULL,  -- recorded-at of the latest transaction that it knows
  question VARCHAR NOT NULL, -- JSON
  versions VARCHAR NOT NULL, -- JSON
  figures  VARCHAR NOT NULL  -- JSON
);
