-- What is missing, followed until a service opens: the figures of before are frozen at the opening, so that those of after have
-- something to stand beside. Places are codes of communes, one space between two; `portee` says what they were called together.
CREATE TABLE observatoire_piste (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  besoin TEXT NOT NULL,
  portee TEXT NOT NULL,
  communes TEXT NOT NULL,
  raison TEXT NOT NULL,
  pilote_id TEXT NOT NULL,
  etat TEXT NOT NULL,
  -- What is to be done next, and by which day; empty once it is closed.
  etape TEXT NOT NULL,
  etape_le TEXT NOT NULL,
  ouverte_at BIGINT NOT NULL,
  close_at BIGINT,
  -- The twelve months before: from which day, what was asked, what stayed without a solution, which structures served.
  avant_du TEXT NOT NULL,
  avant_demandes BIGINT NOT NULL,
  avant_sans_solution BIGINT NOT NULL,
  avant_structures TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What was done, in order; never rewritten.
CREATE TABLE observatoire_piste_etape (
  territoire_id TEXT NOT NULL,
  piste_id TEXT NOT NULL,
  rang BIGINT NOT NULL,
  at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  nature TEXT NOT NULL,
  texte TEXT NOT NULL,
  PRIMARY KEY (territoire_id, piste_id, rang),
  FOREIGN KEY (territoire_id, piste_id) REFERENCES observatoire_piste (territoire_id, id)
);
