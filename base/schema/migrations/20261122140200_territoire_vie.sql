-- What changes of a territoire once it exists. Each change moves its revision: every process reads it again.
ALTER TABLE territoire_territoire ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- Everything it holds was exported: it may leave.
ALTER TABLE territoire_territoire ADD COLUMN exporte_at BIGINT;
-- It has left, and from when on what it holds is erased.
ALTER TABLE territoire_territoire ADD COLUMN ferme_at BIGINT;
ALTER TABLE territoire_territoire ADD COLUMN efface_at BIGINT;
CREATE TABLE territoire_logo (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  nature TEXT NOT NULL,
  contenu BYTEA NOT NULL,
  empreinte TEXT NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
