-- How many months a territoire keeps what; without a line, the duration of the register of columns.
CREATE TABLE accueil_conservation (
  territoire_id TEXT NOT NULL,
  objet TEXT NOT NULL,
  mois BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, objet),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
