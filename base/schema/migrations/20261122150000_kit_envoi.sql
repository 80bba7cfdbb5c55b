-- Messages to send: written in the transaction of their cause, delivered afterwards, tried again when a server refuses.
CREATE TABLE kit_envoi (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- What it is: « invitation », « lien_connexion »…
  cause TEXT NOT NULL,
  -- The same cause twice is one message; its own id when nothing says that it is the same.
  cle TEXT NOT NULL,
  -- Encrypted, and emptied once the message is gone: a link that opens an account does not stay here.
  destinataire TEXT NOT NULL,
  objet TEXT NOT NULL,
  texte TEXT NOT NULL,
  -- Awaited by the person in front of a screen: sent at night too.
  attendu BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  -- Not before this moment; moved forward by a refusal, and by whoever takes the message to deliver it.
  du_at BIGINT NOT NULL,
  essais INTEGER NOT NULL,
  envoye_at BIGINT,
  -- Given up: refused for good, or too many times.
  abandonne_at BIGINT,
  erreur TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, cle),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX kit_envoi_a_faire ON kit_envoi (du_at) WHERE envoye_at IS NULL AND abandonne_at IS NULL;
CREATE INDEX kit_envoi_recents ON kit_envoi (territoire_id, created_at);
