-- The books of a frozen edition as anybody may open them: composed once, since what they say never changes.
CREATE TABLE repertoire_livre (
  territoire_id TEXT NOT NULL,
  edition_id TEXT NOT NULL,
  -- Code of its bassin, as in addresses.
  livre TEXT NOT NULL,
  forme TEXT NOT NULL,
  pages INTEGER NOT NULL,
  contenu BYTEA NOT NULL,
  PRIMARY KEY (territoire_id, edition_id, livre, forme),
  FOREIGN KEY (territoire_id, edition_id) REFERENCES repertoire_edition (territoire_id, id)
);
