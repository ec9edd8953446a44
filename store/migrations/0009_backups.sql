-- Copies of the books that were handed over whole, and where the topic stood in
-- them: what was read after the latest is kept on the embedded broker's topic, so
-- that a restored copy finds the rest.
CREATE TABLE backups (recorded BIGINT NOT NULL, moment BIGINT NOT NULL, "partition" INTEGER NOT NULL, next BIGINT NOT NULL);
