-- What somebody said once of the columns of a file: proposed again for the next file with the same titles.
CREATE TABLE annuaire_colonnes (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  associations TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
