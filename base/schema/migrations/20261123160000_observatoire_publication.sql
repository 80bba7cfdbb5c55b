-- A year that is told outside the team: small counts hidden, kept as it was on the day it was published. It is not changed: two
-- versions of a year could be subtracted.
CREATE TABLE observatoire_publication (
  territoire_id TEXT NOT NULL,
  annee INTEGER NOT NULL,
  publiee_at BIGINT NOT NULL,
  -- The value `publication::Publication`, as JSON.
  contenu TEXT NOT NULL,
  PRIMARY KEY (territoire_id, annee),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
