-- What a frozen edition says of its territoire (name, ligne unique, bassins), as JSON; not there for those that were frozen before.
ALTER TABLE repertoire_edition ADD COLUMN cadre TEXT;
-- Books are composed again from it, and their number of pages, which nobody read, is kept no more. Only what was composed is lost.
DROP TABLE repertoire_livre;
CREATE TABLE repertoire_livre (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  -- Code of its bassin, as in addresses.
  livre TEXT NOT NULL,
  forme TEXT NOT NULL,
  contenu BYTEA NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, livre, forme),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
