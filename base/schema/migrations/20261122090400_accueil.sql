-- What is asked, what was proposed, what was given, how it ended.
CREATE TABLE accueil_compteur (
  territoire_id TEXT NOT NULL,
  nom TEXT NOT NULL,
  valeur BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, nom),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE accueil_demande (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- Read over the telephone: one number per territoire, without holes.
  numero BIGINT NOT NULL,
  -- Made by the form or the caller: the same sent twice is one demande.
  cle TEXT NOT NULL,
  canal TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  code_insee TEXT NOT NULL,
  besoin_texte TEXT,
  contraintes TEXT NOT NULL,
  tour BIGINT NOT NULL,
  pour_qui TEXT,
  tranche_age TEXT,
  sexe TEXT,
  urgence TEXT NOT NULL,
  note TEXT,
  rappel_nom TEXT,
  rappel_telephone TEXT,
  rappel_courriel TEXT,
  rappel_moment TEXT,
  consentement_at BIGINT,
  issue TEXT,
  motif TEXT,
  compte_id TEXT,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, numero),
  UNIQUE (territoire_id, cle),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX accueil_demande_par_date ON accueil_demande (territoire_id, received_at);
CREATE INDEX accueil_demande_par_issue ON accueil_demande (territoire_id, issue, received_at);
CREATE TABLE accueil_demande_besoin (
  territoire_id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  besoin TEXT NOT NULL,
  rang BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, demande_id, besoin),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
CREATE INDEX accueil_demande_besoin_par_besoin ON accueil_demande_besoin (territoire_id, besoin);
-- One structure proposed to one person; given or not. The names are those of that day.
CREATE TABLE accueil_orientation (
  territoire_id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  rang BIGINT NOT NULL,
  structure_nom TEXT NOT NULL,
  service_nom TEXT NOT NULL,
  telephone TEXT,
  raisons TEXT NOT NULL,
  donnee BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, demande_id, service_id),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
CREATE INDEX accueil_orientation_par_structure ON accueil_orientation (territoire_id, structure_id);
