-- Meters whose older readings were let go while their books stay: first is the
-- oldest reading that is kept, until the latest plainly accepted one before the
-- horizon. What is booked up to until's day stands for good.
CREATE TABLE retired (meter INTEGER NOT NULL, first BIGINT NOT NULL, until BIGINT NOT NULL);
