-- Monthly counters: what pages, exports and bilans read, however many the demandes. Each dated fact is counted once, in the lot
-- that took it; nought is a fact that waits.
ALTER TABLE kit_fait ADD COLUMN lot BIGINT NOT NULL DEFAULT 0;
CREATE INDEX kit_fait_par_lot ON kit_fait (territoire_id, lot);
CREATE TABLE observatoire_comptage (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  -- The last lot counted; its line is what keeps two processes from counting at once.
  lot BIGINT NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
CREATE TABLE observatoire_cumul (
  territoire_id TEXT NOT NULL,
  -- The code of the fact, « issue », or with its state, « issue:sans_solution ».
  mesure TEXT NOT NULL,
  -- Empty for all; « commune », « besoin »…, or two of them, « besoin/commune ».
  axe TEXT NOT NULL,
  -- « 2026-11 ».
  mois TEXT NOT NULL,
  valeur TEXT NOT NULL,
  -- Empty when it was not said.
  sexe TEXT NOT NULL,
  quantite BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, mesure, axe, mois, valeur, sexe),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
