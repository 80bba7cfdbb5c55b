-- Dated facts without identity: what statistics are made of.
CREATE TABLE kit_fait (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  jour TEXT NOT NULL,
  code_insee TEXT,
  sexe TEXT,
  tranche_age TEXT,
  quantite BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id)
);
CREATE INDEX kit_fait_par_jour ON kit_fait (territoire_id, code, jour);
CREATE TABLE kit_fait_dimension (
  territoire_id TEXT NOT NULL,
  fait_id TEXT NOT NULL,
  rang BIGINT NOT NULL,
  nom TEXT NOT NULL,
  valeur TEXT NOT NULL,
  PRIMARY KEY (territoire_id, fait_id, rang),
  FOREIGN KEY (territoire_id, fait_id) REFERENCES kit_fait (territoire_id, id)
);
