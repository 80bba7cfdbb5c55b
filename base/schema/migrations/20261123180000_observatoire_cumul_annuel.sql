-- Ten years are read as ten sums of a year and the months around them, not as a hundred and twenty months. A year stands beside its months,
-- « an 2026 », and sorts after all of them.
ALTER TABLE observatoire_cumul RENAME COLUMN mois TO periode;
INSERT INTO observatoire_cumul (territoire_id, mesure, axe, periode, valeur, femmes, hommes, quantite)
SELECT territoire_id, mesure, axe, 'an ' || substr(periode, 1, 4), valeur,
  CAST(SUM(femmes) AS BIGINT), CAST(SUM(hommes) AS BIGINT), CAST(SUM(quantite) AS BIGINT)
FROM observatoire_cumul
GROUP BY territoire_id, mesure, axe, substr(periode, 1, 4), valeur;
