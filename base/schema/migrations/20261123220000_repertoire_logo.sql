-- The logos of an edition that is frozen, as they print: a structure that changes its own afterwards does not change the book.
CREATE TABLE repertoire_logo (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  -- The structure; the territoire itself for the logo of the cover.
  structure_id TEXT NOT NULL,
  -- PNG, without transparency.
  contenu BYTEA NOT NULL,
  largeur BIGINT NOT NULL,
  hauteur BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, structure_id),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
