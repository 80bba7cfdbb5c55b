-- Several territoires in one installation; each with its communes, its bassins de vie, its name, its colours, its line.
CREATE TABLE territoire_territoire (
  id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  nom TEXT NOT NULL,
  couleur TEXT NOT NULL,
  couleur_accent TEXT NOT NULL,
  ligne_telephone TEXT,
  ligne_horaires TEXT,
  created_at BIGINT NOT NULL
);
CREATE TABLE territoire_bassin (
  territoire_id TEXT NOT NULL,
  code TEXT NOT NULL,
  nom TEXT NOT NULL,
  PRIMARY KEY (territoire_id, code),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE territoire_commune (
  territoire_id TEXT NOT NULL,
  code_insee TEXT NOT NULL,
  bassin_code TEXT,
  PRIMARY KEY (territoire_id, code_insee),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id),
  FOREIGN KEY (territoire_id, bassin_code) REFERENCES territoire_bassin (territoire_id, code)
);
