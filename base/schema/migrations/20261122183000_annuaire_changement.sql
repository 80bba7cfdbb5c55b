-- Which structure each of the last writes was about: a process that is late reads those again, and not the whole annuaire.
-- A write without a row here (a file imported) is about many: everything is read again.
CREATE TABLE annuaire_changement (
  territoire_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  structure_id TEXT NOT NULL,
  PRIMARY KEY (territoire_id, revision, structure_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
