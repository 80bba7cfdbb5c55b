-- The printed répertoire (seed 000): an edition, its parts, the pages that the territoire writes, and what was frozen to be printed.
CREATE TABLE repertoire_edition (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  titre TEXT NOT NULL,
  annee INTEGER NOT NULL,
  -- The day after which records no longer change the book.
  clot_le TEXT,
  -- The census campaign that asked structures to read their records again.
  campagne_id TEXT,
  etat TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  figee_at BIGINT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE repertoire_rubrique (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  rang INTEGER NOT NULL,
  titre TEXT NOT NULL,
  phrase TEXT NOT NULL,
  -- Codes of the taxonomy, apart by a space.
  besoins TEXT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, rang),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
CREATE TABLE repertoire_page (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  nature TEXT NOT NULL,
  titre TEXT NOT NULL,
  texte TEXT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, nature),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
-- Written once, when the edition is frozen: what it says of a structure never changes again.
CREATE TABLE repertoire_notice (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  -- JSON of `repertoire::Notice`.
  contenu TEXT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, structure_id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
