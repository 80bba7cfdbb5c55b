-- Who is told that the annuaire changed: an address that somebody of the team gave, and the key that signs what it is sent.
CREATE TABLE diffusion_abonnement (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  adresse TEXT NOT NULL,
  -- Encrypted.
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What subscribers have been told of: the revision of the annuaire, and the fingerprint of what each structure publishes.
CREATE TABLE diffusion_annonce (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  revision BIGINT NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE diffusion_connue (
  territoire_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  PRIMARY KEY (territoire_id, structure_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What is to be sent, tried again until it is taken or given up.
CREATE TABLE diffusion_livraison (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  abonnement_id TEXT NOT NULL,
  corps TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Not before; moved forward by whoever takes it to send it, and by a refusal.
  du_at BIGINT NOT NULL,
  essais INTEGER NOT NULL,
  livre_at BIGINT,
  abandonne_at BIGINT,
  erreur TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, abonnement_id) REFERENCES diffusion_abonnement (territoire_id, id)
);
CREATE INDEX diffusion_livraison_a_faire ON diffusion_livraison (du_at) WHERE livre_at IS NULL AND abandonne_at IS NULL;
CREATE INDEX diffusion_livraison_par_abonnement ON diffusion_livraison (territoire_id, abonnement_id, created_at);
-- The sites that may hold our search in one of their pages.
CREATE TABLE diffusion_hote (
  territoire_id TEXT NOT NULL,
  hote TEXT NOT NULL,
  PRIMARY KEY (territoire_id, hote),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
