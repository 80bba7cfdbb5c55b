-- « En ligne »: who deals with somebody who waits, so that two people never call the same person; until when, were they to forget.
CREATE TABLE ligne_prise (
  territoire_id TEXT NOT NULL,
  -- « message-… », « demande-… »: what waits, and its identifier.
  objet TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  depuis_at BIGINT NOT NULL,
  jusqua_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, objet),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
