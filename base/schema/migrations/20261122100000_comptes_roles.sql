-- Roles, invitations, declared posts; sessions that are seen, and closed one by one.
ALTER TABLE comptes_compte ADD COLUMN desactive_at BIGINT;
CREATE TABLE comptes_role (
  territoire_id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (territoire_id, compte_id, role),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
-- Until now every account opened everything.
INSERT INTO comptes_role (territoire_id, compte_id, role) SELECT territoire_id, id, 'administration' FROM comptes_compte;
INSERT INTO comptes_role (territoire_id, compte_id, role) SELECT territoire_id, id, 'tele_conseil' FROM comptes_compte;
-- Everybody signs in again.
DROP TABLE comptes_session;
CREATE TABLE comptes_session (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  -- What its owner names it by, to close it from elsewhere.
  id TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  poste BOOLEAN NOT NULL,
  appareil TEXT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
CREATE INDEX comptes_session_par_compte ON comptes_session (territoire_id, compte_id);
-- A link, used once, by which somebody chooses a password.
CREATE TABLE comptes_invitation (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  compte_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, compte_id) REFERENCES comptes_compte (territoire_id, id)
);
-- A browser of the ligne unique, where a session may stay idle for longer.
CREATE TABLE comptes_poste (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  declared_at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
