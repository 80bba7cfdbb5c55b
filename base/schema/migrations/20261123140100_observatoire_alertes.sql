-- How many structures serve each need in each commune, as it was last looked at: what is compared with today to know which commune
-- lost its only service. A need that nobody ever served there has no line.
CREATE TABLE observatoire_couverture (
  territoire_id TEXT NOT NULL,
  besoin TEXT NOT NULL,
  code_insee TEXT NOT NULL,
  structures BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, besoin, code_insee),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- A change that somebody should know. Its identifier is made of what it is, for what need, where and when: found twice, it is one.
CREATE TABLE observatoire_alerte (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  nature TEXT NOT NULL,
  besoin TEXT NOT NULL,
  portee TEXT NOT NULL,
  communes TEXT NOT NULL,
  -- First and last day looked at, and first and last day compared with; the same day four times for a service that was lost.
  du TEXT NOT NULL,
  au TEXT NOT NULL,
  reference_du TEXT NOT NULL,
  reference_au TEXT NOT NULL,
  avant BIGINT NOT NULL,
  apres BIGINT NOT NULL,
  -- One chance in that many that nothing changed; 0 when it is no matter of chance.
  hasard BIGINT NOT NULL,
  trouvee_at BIGINT NOT NULL,
  lettre_at BIGINT,
  vue_at BIGINT,
  vue_par TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
