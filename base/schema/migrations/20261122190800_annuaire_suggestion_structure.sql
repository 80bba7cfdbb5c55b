-- A structure settles what is said of it: what waits for it, and why a suggestion was refused.
ALTER TABLE annuaire_suggestion ADD COLUMN raison TEXT;
CREATE INDEX annuaire_suggestion_par_structure ON annuaire_suggestion (territoire_id, structure_id, etat);
