-- The logo of a structure: small, drawn again by us from what was sent. Apart from its record, whose history would carry it at each
-- save. It stays when a record leaves by a merge or by a file taken back: both are undone, and the logo is then found again.
CREATE TABLE annuaire_logo (
  territoire_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  contenu BYTEA NOT NULL,
  empreinte TEXT NOT NULL,
  largeur BIGINT NOT NULL,
  hauteur BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, structure_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
