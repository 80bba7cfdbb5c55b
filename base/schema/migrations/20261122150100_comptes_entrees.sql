-- Other ways in than a password, and what its owner is told of.
-- How a session was opened: mot_de_passe, invitation, lien, cle_acces, fournisseur.
ALTER TABLE comptes_session ADD COLUMN moyen TEXT NOT NULL DEFAULT 'mot_de_passe';
-- Encrypted: what the identity provider wants back to sign out there too. Empty for the other ways in.
ALTER TABLE comptes_session ADD COLUMN jeton_fournisseur TEXT NOT NULL DEFAULT '';
-- A link sent by e-mail, used once, that opens a session.
CREATE TABLE comptes_lien (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
-- A browser from which somebody already signed in: they are told of the others.
CREATE TABLE comptes_navigateur (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte, compte_id),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
-- A passkey: its public part, and what its owner calls it.
CREATE TABLE comptes_cle_acces (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  identifiant TEXT NOT NULL,
  nom TEXT NOT NULL,
  donnees TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, identifiant),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
-- What is kept between the two halves of a sign-in by passkey or by an identity provider, for the browser that began it.
CREATE TABLE comptes_ceremonie (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  etat TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- Whom an identity provider knows, tied once to an account.
CREATE TABLE comptes_identite (
  territoire_id TEXT NOT NULL,
  emetteur TEXT NOT NULL,
  sujet TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, emetteur, sujet),
  -- One identity of a provider for an account.
  UNIQUE (territoire_id, compte_id, emetteur),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
