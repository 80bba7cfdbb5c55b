-- What two records of one structure share: found without reading the whole annuaire.
CREATE INDEX annuaire_structure_par_telephone ON annuaire_structure (territoire_id, telephone);
CREATE INDEX annuaire_structure_par_siret ON annuaire_structure (territoire_id, siret);
CREATE INDEX annuaire_lieu_par_commune ON annuaire_lieu (territoire_id, code_insee);
