-- Who offers what, where. A source is where a record came from; its own id there is what finds it again.
CREATE TABLE annuaire_structure (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  nom TEXT NOT NULL,
  nom_plie TEXT NOT NULL,
  categorie TEXT NOT NULL,
  description TEXT,
  siret TEXT,
  telephone TEXT,
  courriel TEXT,
  site_web TEXT,
  exemple BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, source, source_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE INDEX annuaire_structure_par_nom ON annuaire_structure (territoire_id, nom_plie);
CREATE TABLE annuaire_lieu (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  adresse TEXT,
  code_insee TEXT NOT NULL,
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  horaires TEXT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id)
);
CREATE INDEX annuaire_lieu_par_structure ON annuaire_lieu (territoire_id, structure_id);
CREATE TABLE annuaire_service (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  lieu_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  nom TEXT NOT NULL,
  description TEXT,
  besoins TEXT NOT NULL,
  mode TEXT NOT NULL,
  couverture TEXT NOT NULL,
  intervention TEXT NOT NULL,
  creneaux TEXT NOT NULL,
  disponibilite TEXT NOT NULL,
  telephone TEXT,
  tarif TEXT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  UNIQUE (territoire_id, structure_id, source_id),
  FOREIGN KEY (territoire_id, structure_id) REFERENCES annuaire_structure (territoire_id, id),
  FOREIGN KEY (territoire_id, lieu_id) REFERENCES annuaire_lieu (territoire_id, id)
);
CREATE INDEX annuaire_service_par_structure ON annuaire_service (territoire_id, structure_id, id);
-- Grows with each write of the annuaire: how every process knows that its snapshot is late.
CREATE TABLE annuaire_revision (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  revision BIGINT NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- A file being imported: kept until it is accepted or dropped, so that nothing is lost by a restart.
CREATE TABLE annuaire_import (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  fichier TEXT NOT NULL,
  contenu BYTEA,
  etat TEXT NOT NULL,
  rapport TEXT,
  compte_id TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
