-- What was left for the line while nobody answered, and its sound: « Un répondeur prend les demandes le reste du temps ».
CREATE TABLE ligne_message (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- Fingerprint of what names it where it comes from (call of the platform, Message-ID, content of a file): sent twice, it is here once.
  cle TEXT NOT NULL,
  nature TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  -- Encrypted: who called, who wrote, what was written.
  numero TEXT,
  expediteur TEXT,
  texte TEXT,
  -- Keyed fingerprint of the number: what else came from it is offered, nothing is merged.
  empreinte TEXT,
  -- Seconds.
  duree BIGINT,
  -- None: it still waits for somebody.
  traite_at BIGINT,
  traite_par TEXT,
  -- Why nothing follows; none when a demande came of it.
  sans_suite TEXT,
  demande_id TEXT,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, cle),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX ligne_message_en_attente ON ligne_message (territoire_id, received_at) WHERE traite_at IS NULL;
CREATE INDEX ligne_message_numeros ON ligne_message (territoire_id, empreinte);
CREATE INDEX ligne_message_demandes ON ligne_message (territoire_id, demande_id);

-- The sound of a message, apart from it: it is heavy, and leaves sooner.
CREATE TABLE ligne_enregistrement (
  territoire_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  -- Where it is still to be fetched from; none once it is here, or given up.
  adresse TEXT,
  -- Not before this moment; moved forward by whoever goes for it.
  du_at BIGINT NOT NULL,
  essais INTEGER NOT NULL,
  mime TEXT NOT NULL,
  taille BIGINT NOT NULL,
  -- Encrypted; none until it is fetched, and once it was erased.
  contenu TEXT,
  -- Why there is no sound.
  erreur TEXT NOT NULL,
  PRIMARY KEY (territoire_id, message_id),
  FOREIGN KEY (territoire_id, message_id) REFERENCES ligne_message (territoire_id, id) ON DELETE CASCADE
);
CREATE INDEX ligne_enregistrement_a_chercher ON ligne_enregistrement (du_at) WHERE adresse IS NOT NULL;
