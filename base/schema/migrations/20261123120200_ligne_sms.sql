-- SMS that came: what was answered, so that the same one sent twice gets the same answer, and which communes were offered.
CREATE TABLE ligne_sms (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  -- The platform's own identifier.
  cle TEXT NOT NULL,
  -- Keyed fingerprint of the number.
  empreinte TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  -- What was understood: « question », « choix », « stop », « reprise », « aide », « inconnu ».
  nature TEXT NOT NULL,
  -- Codes of the needs, and of the communes offered, when one was still to be chosen.
  besoins TEXT NOT NULL,
  choix TEXT NOT NULL,
  -- Empty: nothing was answered.
  reponse TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, cle),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX ligne_sms_par_numero ON ligne_sms (territoire_id, empreinte, received_at);
