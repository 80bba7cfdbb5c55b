-- The lock « en ligne » belongs to the room of the demandes: it is told wherever the person is shown, not in the queue alone.
ALTER TABLE ligne_prise RENAME TO accueil_en_ligne;
