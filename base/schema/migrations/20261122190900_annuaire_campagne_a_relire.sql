-- What a campaign asks to read again, by codes; nothing: the whole record.
ALTER TABLE annuaire_campagne ADD COLUMN a_relire TEXT NOT NULL DEFAULT '';
