-- The words that a territoire keeps for a sheet that is easy to read: those that it wrote, or that persons concerned read.
CREATE TABLE repertoire_fiche (
  territoire_id TEXT NOT NULL,
  -- Code of the need.
  besoin TEXT NOT NULL,
  -- A sentence a line.
  quoi TEXT NOT NULL,
  pour TEXT NOT NULL,
  dire TEXT NOT NULL,
  -- Who read these very words, and the day; not there until they are read.
  relue_par TEXT,
  relue_le TEXT,
  PRIMARY KEY (territoire_id, besoin),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
