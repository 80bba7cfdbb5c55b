-- Days on which a line is closed, or open otherwise than its week says.
CREATE TABLE territoire_exception (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- Days of Europe/Paris, both included: « 2026-12-24 ».
  du TEXT NOT NULL,
  au TEXT NOT NULL,
  -- « 540-720 840-1020 », minutes since midnight; empty: closed.
  plages TEXT NOT NULL,
  -- Told to the public; may be empty.
  message TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);

-- The telephones that ring when somebody calls the line, in order.
CREATE TABLE ligne_poste (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  nom TEXT NOT NULL,
  numero TEXT NOT NULL,
  rang BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);

-- What the coordination writes for the line: the sentence that the telephone says first.
CREATE TABLE ligne_reglage (
  territoire_id TEXT NOT NULL,
  bienvenue TEXT NOT NULL,
  PRIMARY KEY (territoire_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);

-- The calls under way, to say how many wait and to know which ones nobody answered. A call leaves when it ends.
CREATE TABLE ligne_appel (
  territoire_id TEXT NOT NULL,
  -- Fingerprint of the platform's name for the call.
  cle TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  -- Somebody answered, or a message was left: it is no longer a missed call.
  repondu_at BIGINT,
  ended_at BIGINT,
  PRIMARY KEY (territoire_id, cle),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX ligne_appel_en_cours ON ligne_appel (territoire_id, began_at) WHERE ended_at IS NULL;
