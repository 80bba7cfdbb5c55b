-- The call made some days after a demande, to know what became of it.
CREATE TABLE accueil_qualite (
  territoire_id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  -- Whether the person answered, and wished to.
  reponse TEXT NOT NULL,
  solution TEXT,
  -- With whom: one of the structures proposed; empty for another.
  structure_id TEXT,
  -- From 1 to 5.
  satisfaction BIGINT,
  PRIMARY KEY (territoire_id, demande_id),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
