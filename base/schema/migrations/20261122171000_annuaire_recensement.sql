-- A record may be confirmed by the link of a campaign: no account then.
CREATE TABLE annuaire_verification_nouvelle (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  compte_id TEXT,
  voie TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
INSERT INTO annuaire_verification_nouvelle (territoire_id, id, structure_id, at, compte_id, voie)
  SELECT territoire_id, id, structure_id, at, compte_id, voie FROM annuaire_verification;
DROP TABLE annuaire_verification;
ALTER TABLE annuaire_verification_nouvelle RENAME TO annuaire_verification;
CREATE INDEX annuaire_verification_par_structure ON annuaire_verification (territoire_id, structure_id, at);
-- A campaign asks structures whether their record is right.
CREATE TABLE annuaire_campagne (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  titre TEXT NOT NULL,
  message TEXT NOT NULL,
  -- How many reminders at most, and how many days between two.
  relances BIGINT NOT NULL,
  relance_jours BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  compte_id TEXT NOT NULL,
  envoyee_at BIGINT,
  close_at BIGINT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE annuaire_campagne_structure (
  territoire_id TEXT NOT NULL,
  campagne_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  -- When its last letter was written; none: it has no address, or nothing has left yet.
  ecrite_at BIGINT,
  lettres BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, campagne_id, structure_id),
  FOREIGN KEY (territoire_id, campagne_id) REFERENCES annuaire_campagne (territoire_id, id)
);
-- What a letter's link opens: the record of one structure, without an account, until it ends.
CREATE TABLE annuaire_campagne_lien (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  campagne_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, campagne_id) REFERENCES annuaire_campagne (territoire_id, id)
);
CREATE INDEX annuaire_campagne_lien_par_campagne ON annuaire_campagne_lien (territoire_id, campagne_id);
-- Handed to the server, and the answer not yet known: after a stop, it is not handed over a second time.
ALTER TABLE kit_envoi ADD COLUMN remise_at BIGINT;
-- What anybody says of a public record, or a structure that asks to be listed: nothing is public before it is accepted.
CREATE TABLE annuaire_suggestion (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  nature TEXT NOT NULL,
  structure_id TEXT,
  -- What is wrong, and what would be right; or the whole demand to be listed (JSON).
  objet TEXT NOT NULL,
  valeur TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  etat TEXT NOT NULL,
  traitee_at BIGINT,
  compte_id TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX annuaire_suggestion_par_etat ON annuaire_suggestion (territoire_id, etat, created_at);
