-- A link that opens nothing any more is not delivered: from this moment on the message is given up.
ALTER TABLE kit_envoi ADD COLUMN perime_at BIGINT;
-- What servers answered repeated the address of the person; the program now hides it before it is kept.
UPDATE kit_envoi SET erreur = '' WHERE erreur LIKE '%@%';
