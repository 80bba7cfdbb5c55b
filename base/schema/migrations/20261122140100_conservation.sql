-- A line of the journal that is kept too long is emptied, not taken away: `purge` is the number of the line that says so.
-- The salt keeps anybody from finding by trying, in the fingerprint that stays, what was emptied.
ALTER TABLE kit_journal ADD COLUMN sel TEXT NOT NULL DEFAULT '';
ALTER TABLE kit_journal ADD COLUMN purge BIGINT;
-- How many months a territoire keeps the lines of its journal; without a line, the duration of the register of columns.
CREATE TABLE comptes_conservation (
  territoire_id TEXT NOT NULL,
  objet TEXT NOT NULL,
  mois BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, objet),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What is done once a day: the first process that writes the day down does it. Of the installation, not of a territoire.
CREATE TABLE kit_tache (
  nom TEXT NOT NULL,
  jour TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT,
  resultat TEXT,
  erreur TEXT,
  PRIMARY KEY (nom, jour)
);
