-- By which door a message leaves (« courriel », « sms »), in how many parts a network counts it, and what it costs, in ten-thousandths
-- of a euro; the cost stays when address and text are emptied: it is the ledger.
ALTER TABLE kit_envoi ADD COLUMN canal TEXT NOT NULL DEFAULT 'courriel';
ALTER TABLE kit_envoi ADD COLUMN parties INTEGER NOT NULL DEFAULT 1;
ALTER TABLE kit_envoi ADD COLUMN cout BIGINT NOT NULL DEFAULT 0;
-- Numbers that answered STOP: a keyed fingerprint, never the number.
CREATE TABLE kit_opposition (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
