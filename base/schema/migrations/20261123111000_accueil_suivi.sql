-- The code of six characters by which a person follows their demande, read over the telephone: encrypted to be read again to them,
-- and as a fingerprint made with a key to be found.
ALTER TABLE accueil_demande ADD COLUMN suivi_code TEXT;
ALTER TABLE accueil_demande ADD COLUMN suivi_empreinte TEXT;
CREATE UNIQUE INDEX accueil_demande_par_suivi ON accueil_demande (territoire_id, suivi_empreinte);
-- By when somebody promised to call the person back.
ALTER TABLE accueil_demande ADD COLUMN promesse_at BIGINT;
-- What is written about the person since: what passes to a plan of action, the comment of a quality call, the grid of analysis.
ALTER TABLE accueil_demande ADD COLUMN plan_note TEXT;
ALTER TABLE accueil_demande ADD COLUMN commentaire TEXT;
ALTER TABLE accueil_demande ADD COLUMN constats TEXT;
