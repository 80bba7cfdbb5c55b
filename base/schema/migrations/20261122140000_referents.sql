-- Of which structures somebody is référent·e. The annuaire holds the structures; here is only their identifier.
CREATE TABLE comptes_referent (
  territoire_id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  PRIMARY KEY (territoire_id, compte_id, structure_id),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
CREATE INDEX comptes_referent_par_structure ON comptes_referent (territoire_id, structure_id);
-- Who said that a record is right, when, and how they knew. Apart from any save: « last updated » is not « verified ».
CREATE TABLE annuaire_verification (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  voie TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_verification_par_structure ON annuaire_verification (territoire_id, structure_id, at);
-- Since when the contact and the description are those that somebody mended in the page: a file no longer replaces them.
ALTER TABLE annuaire_structure ADD COLUMN corrige_at BIGINT;
