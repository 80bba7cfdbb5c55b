-- The grid of the premier accueil social, as the coordination wrote it: a question, its choices one a line.
CREATE TABLE accueil_question (
  territoire_id TEXT NOT NULL,
  rang BIGINT NOT NULL,
  libelle TEXT NOT NULL,
  choix TEXT NOT NULL,
  PRIMARY KEY (territoire_id, rang),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
