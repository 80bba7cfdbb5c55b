-- What a person agreed to, in which words, and until when.
CREATE TABLE accueil_consentement (
  territoire_id TEXT NOT NULL,
  id TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  finalite TEXT NOT NULL,
  texte_montre TEXT NOT NULL,
  donne_at BIGINT NOT NULL,
  retire_at BIGINT,
  PRIMARY KEY (territoire_id, id),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
CREATE INDEX accueil_consentement_par_demande ON accueil_consentement (territoire_id, demande_id);
-- The words are those that the form showed until now.
INSERT INTO accueil_consentement (territoire_id, id, demande_id, finalite, texte_montre, donne_at)
SELECT d.territoire_id, d.id, d.id, 'rappel',
  CASE d.canal
    WHEN 'telephone' THEN 'La personne est d’accord pour que son nom et son numéro soient gardés'
    ELSE 'J’accepte que ' || t.nom || ' garde mon nom et mon numéro le temps de répondre à cette demande'
  END,
  d.consentement_at
FROM accueil_demande d JOIN territoire_territoire t ON t.id = d.territoire_id
WHERE d.consentement_at IS NOT NULL;
-- The secret link of a person to their demande: only its fingerprint is kept.
CREATE TABLE accueil_acces (
  territoire_id TEXT NOT NULL,
  empreinte TEXT NOT NULL,
  demande_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, empreinte),
  FOREIGN KEY (territoire_id, demande_id) REFERENCES accueil_demande (territoire_id, id)
);
CREATE INDEX accueil_acces_par_demande ON accueil_acces (territoire_id, demande_id);
-- When everything personal was erased, on request or at the end of what is kept.
ALTER TABLE accueil_demande ADD COLUMN efface_at BIGINT;
