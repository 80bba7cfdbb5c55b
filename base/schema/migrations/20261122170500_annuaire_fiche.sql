-- The whole record of a structure (issue C): what was only a name, a contact and services.
-- Which version of the record this is; each save adds one. It replaces the sum of two dates.
ALTER TABLE annuaire_structure ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- What somebody mended by hand, by path (« telephone », « services.ID »): a file no longer replaces it.
ALTER TABLE annuaire_structure ADD COLUMN corriges TEXT NOT NULL DEFAULT '';
UPDATE annuaire_structure SET corriges = 'telephone courriel site_web description' WHERE corrige_at IS NOT NULL;
ALTER TABLE annuaire_structure DROP COLUMN corrige_at;
ALTER TABLE annuaire_structure ADD COLUMN reseaux TEXT NOT NULL DEFAULT '';
ALTER TABLE annuaire_service ADD COLUMN publics TEXT NOT NULL DEFAULT '';
ALTER TABLE annuaire_service ADD COLUMN frais TEXT;
ALTER TABLE annuaire_service ADD COLUMN aides TEXT NOT NULL DEFAULT '';
ALTER TABLE annuaire_service ADD COLUMN conditions TEXT;
ALTER TABLE annuaire_service ADD COLUMN demarche TEXT;
ALTER TABLE annuaire_service ADD COLUMN delai_jours BIGINT;
ALTER TABLE annuaire_service ADD COLUMN places BIGINT;
ALTER TABLE annuaire_service ADD COLUMN capacite_at BIGINT;
-- Other names under which administrations know it: several, checked, never keys.
CREATE TABLE annuaire_identifiant (
  territoire_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  nature TEXT NOT NULL,
  valeur TEXT NOT NULL,
  PRIMARY KEY (territoire_id, structure_id, nature, valeur),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE TABLE annuaire_interlocuteur (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  nom TEXT NOT NULL,
  fonction TEXT,
  telephone TEXT,
  courriel TEXT,
  visibilite TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_interlocuteur_par_structure ON annuaire_interlocuteur (territoire_id, structure_id);
-- By what right it works: an activity, a way of intervening, a public (D7231-1 and its neighbours).
CREATE TABLE annuaire_regime (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  nature TEXT NOT NULL,
  activite TEXT NOT NULL,
  intervention TEXT,
  public TEXT,
  numero TEXT,
  autorite TEXT,
  du TEXT,
  au TEXT,
  departements TEXT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_regime_par_structure ON annuaire_regime (territoire_id, structure_id);
-- What is true for a time only: closed, other hours, a message, a service suspended.
CREATE TABLE annuaire_information (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  service_id TEXT,
  nature TEXT NOT NULL,
  texte TEXT,
  du TEXT NOT NULL,
  au TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_information_par_structure ON annuaire_information (territoire_id, structure_id);
CREATE INDEX annuaire_information_par_date ON annuaire_information (territoire_id, du, au);
-- Each save of a record: who, when, why, and the record before and after (JSON); no record before: it was created.
CREATE TABLE annuaire_version (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  auteur_id TEXT,
  auteur TEXT NOT NULL,
  cause TEXT NOT NULL,
  lot_id TEXT,
  avant TEXT,
  apres TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX annuaire_version_par_structure ON annuaire_version (territoire_id, structure_id, version);
CREATE INDEX annuaire_version_par_lot ON annuaire_version (territoire_id, lot_id);
-- A record merged into another one: its address and its source's id lead there.
CREATE TABLE annuaire_redirection (
  territoire_id TEXT NOT NULL,
  ancien_id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, ancien_id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_redirection_par_structure ON annuaire_redirection (territoire_id, structure_id);
