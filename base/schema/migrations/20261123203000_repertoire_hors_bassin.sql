-- The communes that no bassin holds have a book of their own, « hors-bassin »; « tout » is that of a territoire without a bassin.
UPDATE repertoire_tirage SET bassin_code = 'hors-bassin'
WHERE bassin_code = 'tout' AND EXISTS (SELECT 1 FROM territoire_bassin AS bassin WHERE bassin.territoire_id = repertoire_tirage.territoire_id);
