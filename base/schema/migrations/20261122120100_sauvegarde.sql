-- Each attempt to back the installation up, verified or not: what « dernière sauvegarde vérifiée » is read from.
-- Of the installation, not of a territoire: a backup holds them all.
CREATE TABLE sauvegarde_passage (
  id TEXT NOT NULL PRIMARY KEY,
  began_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  archive TEXT,
  octets BIGINT,
  verified_at BIGINT,
  erreur TEXT
);
CREATE INDEX sauvegarde_passage_par_date ON sauvegarde_passage (began_at);
