-- Lists of 100 000 structures turn their pages along an index that holds all they sort and filter by: no row is read to be skipped.
DROP INDEX annuaire_structure_par_nom;
CREATE INDEX annuaire_structure_par_nom ON annuaire_structure (territoire_id, nom_plie, id);
DROP INDEX annuaire_service_par_structure;
CREATE INDEX annuaire_service_par_structure ON annuaire_service (territoire_id, structure_id, id, besoins, updated_at);
