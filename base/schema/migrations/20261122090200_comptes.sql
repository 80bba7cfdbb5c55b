-- Who may enter the team's pages of a territoire.
CREATE TABLE comptes_compte (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  courriel TEXT NOT NULL,
  nom TEXT NOT NULL,
  mot_de_passe TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, courriel),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE comptes_session (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
