-- What the coordination writes in the bilan of a year: a comment a section, kept for the next one.
CREATE TABLE observatoire_commentaire (
  territoire_id TEXT NOT NULL,
  annee INTEGER NOT NULL,
  section TEXT NOT NULL,
  texte TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, annee, section),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What a year of the line cost, in cents; null: not said.
CREATE TABLE observatoire_cout (
  territoire_id TEXT NOT NULL,
  annee INTEGER NOT NULL,
  fonctionnement BIGINT,
  communication BIGINT,
  PRIMARY KEY (territoire_id, annee),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- Under how many a count is hidden outside the team; none: 5.
CREATE TABLE observatoire_seuil (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  seuil INTEGER NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
