-- What a call adds: with whom the person lives, how they heard of the line, how long it lasted, how each need ended.
ALTER TABLE accueil_demande ADD COLUMN foyer TEXT;
ALTER TABLE accueil_demande ADD COLUMN origine TEXT;
-- In seconds, from the first word to the record.
ALTER TABLE accueil_demande ADD COLUMN duree INTEGER;
-- Empty: the need ends as the whole does.
ALTER TABLE accueil_demande_besoin ADD COLUMN issue TEXT;
ALTER TABLE accueil_demande_besoin ADD COLUMN motif TEXT;
-- What the coordination writes for those who answer: lines to say, and notes to know about a need.
CREATE TABLE accueil_repere (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- « phrase » or « note ».
  nature TEXT NOT NULL,
  -- Of which need; empty: always.
  besoin TEXT NOT NULL,
  rang BIGINT NOT NULL,
  texte TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
