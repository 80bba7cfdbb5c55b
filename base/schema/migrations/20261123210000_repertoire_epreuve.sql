-- The proof round: what each structure answered of its entry as it will print, edition by edition.
CREATE TABLE repertoire_epreuve (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  -- Letters written, the last one at `ecrite_at`.
  lettres BIGINT NOT NULL,
  ecrite_at BIGINT,
  -- First opened by its link.
  vue_at BIGINT,
  -- What it said, by which way, when, and what it asks for; of the entry that had this fingerprint.
  reponse TEXT,
  voie TEXT,
  repondue_at BIGINT,
  remarque TEXT,
  empreinte TEXT,
  -- Of one person's business: whether its telephone may be printed; not there until it is said.
  telephone TEXT,
  PRIMARY KEY (territoire_id, edition_id, structure_id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
CREATE TABLE repertoire_epreuve_lien (
  territoire_id TEXT NOT NULL,
  -- SHA-256 of the code of a letter.
  empreinte TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
CREATE INDEX repertoire_epreuve_lien_par_edition ON repertoire_epreuve_lien (territoire_id, edition_id);
