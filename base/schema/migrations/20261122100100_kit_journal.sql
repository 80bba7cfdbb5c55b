-- Who read and wrote what. Lines are only ever added, and each carries the fingerprint of the one before:
-- one that is changed or taken away shows.
CREATE TABLE kit_journal (
  territoire_id TEXT NOT NULL,
  numero BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- Of the account; empty for the program itself.
  auteur_id TEXT NOT NULL,
  acte TEXT NOT NULL,
  objet TEXT NOT NULL,
  objet_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  PRIMARY KEY (territoire_id, numero)
);
CREATE INDEX kit_journal_par_objet ON kit_journal (territoire_id, objet, objet_id);
CREATE TABLE kit_journal_tete (
  territoire_id TEXT NOT NULL,
  numero BIGINT NOT NULL,
  empreinte TEXT NOT NULL,
  PRIMARY KEY (territoire_id)
);
