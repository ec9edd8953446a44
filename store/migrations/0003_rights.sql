-- Who may do what. Only the hash of a token's secret is kept.
CREATE TABLE tokens (
  id          VARCHAR NOT NULL,
  name        VARCHAR NOT NULL,
  hash        VARCHAR NOT NULL,  -- SHA-256 of the secret, hexadecimal
  scope       VARCHAR NOT NULL,
  region      VARCHAR NOT NULL,
  institution VARCHAR NOT NULL,
  gateway     VARCHAR NOT NULL,
  created     BIGINT NOT NULL,
  expires     BIGINT NOT NULL,   -- 0: never
  revoked     BIGINT NOT NULL    -- 0: not
);

-- What administrators did. Append-only.
CREATE TABLE audit (moment BIGINT NOT NULL, subject VARCHAR NOT NULL, action VARCHAR NOT NULL, detail VARCHAR NOT NULL);
