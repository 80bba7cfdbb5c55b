-- What an indicator must reach on a territoire: a number in tenths of its unit, on which side, by which month, who sees to it.
CREATE TABLE observatoire_cible (
  territoire_id TEXT NOT NULL,
  indicateur TEXT NOT NULL,
  dixiemes BIGINT NOT NULL,
  sens TEXT NOT NULL,
  echeance TEXT NOT NULL,
  responsable_id TEXT NOT NULL,
  PRIMARY KEY (territoire_id, indicateur),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
