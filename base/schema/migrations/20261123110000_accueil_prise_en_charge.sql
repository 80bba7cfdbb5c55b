-- What a territoire set of its accueil: a delay, a sample. Without a line, the value of the program.
CREATE TABLE accueil_reglage (
  territoire_id TEXT NOT NULL,
  nom TEXT NOT NULL,
  valeur BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, nom),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- A structure asked to take somebody in charge, for one of their needs; what it answered, and the clock that runs meanwhile.
-- Who the person is stays in accueil_demande, encrypted.
CREATE TABLE accueil_prise_en_charge (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  -- The name of that day.
  structure_nom TEXT NOT NULL,
  besoin TEXT NOT NULL,
  etat TEXT NOT NULL,
  envoyee_at BIGINT NOT NULL,
  -- First and last opening of the link, and how many.
  vue_at BIGINT,
  vue_derniere_at BIGINT,
  ouvertures BIGINT NOT NULL,
  repondue_at BIGINT,
  -- By the structure itself, or by the team in its name.
  repondant TEXT,
  motif TEXT,
  rappel_at BIGINT NOT NULL,
  echeance_at BIGINT NOT NULL,
  relance_at BIGINT,
  escalade_at BIGINT,
  -- The code sent to the address of the structure, and the browser that gave it back: the only one shown who the person is.
  preuve TEXT,
  preuve_at BIGINT,
  preuve_essais BIGINT NOT NULL,
  preuve_envois BIGINT NOT NULL,
  navigateur TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
CREATE INDEX accueil_prise_en_charge_par_demande ON accueil_prise_en_charge (territoire_id, demande_id);
CREATE INDEX accueil_prise_en_charge_par_etat ON accueil_prise_en_charge (territoire_id, etat, echeance_at);
-- A link of a letter: only its fingerprint is kept. Each letter has its own; all of them open.
CREATE TABLE accueil_prise_en_charge_lien (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  prise_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, prise_id) REFERENCES accueil_prise_en_charge (territoire_id, id)
);
CREATE INDEX accueil_prise_en_charge_lien_par_prise ON accueil_prise_en_charge_lien (territoire_id, prise_id);
