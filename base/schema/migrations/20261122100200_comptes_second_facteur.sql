-- A second proof at sign-in: a code that changes every thirty seconds, or one of ten codes kept on paper.
CREATE TABLE comptes_totp (
  territoire_id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  -- Encrypted.
  secret TEXT NOT NULL,
  -- None until a first right code has shown that the telephone holds it.
  confirme_at BIGINT,
  -- The step of the last code accepted: the same code never serves twice.
  pas BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, compte_id),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
CREATE TABLE comptes_secours (
  territoire_id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  PRIMARY KEY (territoire_id, compte_id, empreinte),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
ALTER TABLE comptes_session ADD COLUMN second_facteur BOOLEAN NOT NULL DEFAULT FALSE;
