-- Findings that somebody has muted, with a reason. Only lifted and lifted_by ever
-- change, once.
CREATE TABLE mutes (
  id        BIGINT NOT NULL,
  meter     VARCHAR NOT NULL,
  cause     VARCHAR NOT NULL,
  reason    VARCHAR NOT NULL,
  author    VARCHAR NOT NULL,
  created   BIGINT NOT NULL,
  until     BIGINT NOT NULL,
  lifted    BIGINT NOT NULL,  -- 0: not
  lifted_by VARCHAR NOT NULL
);
