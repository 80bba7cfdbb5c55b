-- A sum is told for women, for men and for all: three columns of one row, where each was a row. What a page reads of a year is half as
-- long. Facts lose nothing: they are counted again, in the background.
DROP TABLE observatoire_cumul;
CREATE TABLE observatoire_cumul (
  territoire_id TEXT NOT NULL,
  -- The code of the fact, « issue », or with its state, « issue:sans_solution ».
  mesure TEXT NOT NULL,
  -- Empty for all; « commune », « besoin »…, or two of them, « besoin/commune ».
  axe TEXT NOT NULL,
  -- « 2026-11 ».
  mois TEXT NOT NULL,
  valeur TEXT NOT NULL,
  femmes BIGINT NOT NULL,
  hommes BIGINT NOT NULL,
  -- Of all, those who did not say too.
  quantite BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, mesure, axe, mois, valeur),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
-- What is counted: a hundred measures by axis, that lead to the counters of all of them without a look at those that are crossed,
-- which are a hundred times as many.
CREATE TABLE observatoire_serie (
  territoire_id TEXT NOT NULL,
  mesure TEXT NOT NULL,
  axe TEXT NOT NULL,
  PRIMARY KEY (territoire_id, mesure, axe),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
UPDATE kit_fait SET lot = 0 WHERE lot <> 0;
