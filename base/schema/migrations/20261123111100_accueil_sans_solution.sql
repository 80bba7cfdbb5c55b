-- What becomes of a demande without a solution; without a line, it is open.
CREATE TABLE accueil_sans_solution (
  territoire_id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  suite TEXT NOT NULL,
  suite_at BIGINT NOT NULL,
  -- A service that answers it opened since.
  leve_at BIGINT,
  leve_structure_id TEXT,
  leve_nom TEXT,
  PRIMARY KEY (territoire_id, demande_id),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
