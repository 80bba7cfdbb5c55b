-- A call that is over is counted once.
ALTER TABLE ligne_appel ADD COLUMN compte_at BIGINT;
