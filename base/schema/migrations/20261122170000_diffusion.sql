-- Dated, frozen files of what the annuaire gives to everybody: an edition stays as it was published.
CREATE TABLE diffusion_edition (
  territoire_id TEXT NOT NULL,
  -- « 2026-11-22 », « 2026-11-22-2 » for another one of the same day.
  nom TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Of the annuaire when it was read: a night without a change makes no edition.
  revision BIGINT NOT NULL,
  structures BIGINT NOT NULL,
  services BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, nom),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE diffusion_fichier (
  territoire_id TEXT NOT NULL,
  edition TEXT NOT NULL,
  nom TEXT NOT NULL,
  -- Once open; the content is kept compressed (gzip).
  octets BIGINT NOT NULL,
  empreinte TEXT NOT NULL,
  contenu BYTEA NOT NULL,
  PRIMARY KEY (territoire_id, edition, nom),
  FOREIGN KEY (territoire_id, edition) REFERENCES diffusion_edition (territoire_id, nom)
);
-- What changed since a moment, and the last moment at which something did.
CREATE INDEX annuaire_service_par_maj ON annuaire_service (territoire_id, updated_at);
CREATE INDEX annuaire_structure_par_maj ON annuaire_structure (territoire_id, updated_at);
