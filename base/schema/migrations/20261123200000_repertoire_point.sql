-- How the printed répertoire reaches people (seed 000: « donné à tous les élèves à la rentrée, en mairie, dans les commerces et lieux stratégiques »).
-- A place where copies are left, kept from one edition to the next.
CREATE TABLE repertoire_point (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  nom TEXT NOT NULL,
  nature TEXT NOT NULL,
  code_insee TEXT NOT NULL,
  adresse TEXT,
  -- Of a school, when they are known.
  eleves INTEGER,
  -- Name of its delivery round; empty when it has none.
  tournee TEXT NOT NULL,
  -- Its place in the round.
  ordre INTEGER NOT NULL,
  retire_at BIGINT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What was printed for an edition: one print run a bassin; « tout » is for communes that are in none.
CREATE TABLE repertoire_tirage (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  bassin_code TEXT NOT NULL,
  exemplaires BIGINT NOT NULL,
  -- In cents; unknown until the print shop has said.
  cout BIGINT,
  PRIMARY KEY (territoire_id, edition_id, bassin_code),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
CREATE TABLE repertoire_budget (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  -- In cents.
  montant BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
-- Copies planned at a place.
CREATE TABLE repertoire_prevision (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  exemplaires BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, point_id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id),
  FOREIGN KEY (territoire_id, point_id) REFERENCES repertoire_point (territoire_id, id)
);
-- Copies that were left at a place, or brought back from it.
CREATE TABLE repertoire_mouvement (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  point_id TEXT NOT NULL,
  nature TEXT NOT NULL,
  exemplaires BIGINT NOT NULL,
  le TEXT NOT NULL,
  auteur_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id),
  FOREIGN KEY (territoire_id, point_id) REFERENCES repertoire_point (territoire_id, id)
);
CREATE INDEX repertoire_mouvement_edition ON repertoire_mouvement (territoire_id, edition_id, point_id);
