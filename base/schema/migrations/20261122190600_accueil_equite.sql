-- How often each structure was proposed, first, and given, a week and a need at a time: what tells a structure where it stands among
-- its equals without reading a million demandes. Weeks begin on Monday (UTC). No structure: all that was asked.
CREATE TABLE accueil_equite (
  territoire_id TEXT NOT NULL,
  besoin TEXT NOT NULL,
  semaine BIGINT NOT NULL,
  structure_id TEXT NOT NULL,
  proposees BIGINT NOT NULL,
  premieres BIGINT NOT NULL,
  donnees BIGINT NOT NULL,
  PRIMARY KEY (territoire_id, besoin, semaine, structure_id),
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
INSERT INTO accueil_equite (territoire_id, besoin, semaine, structure_id, proposees, premieres, donnees)
  SELECT o.territoire_id, b.besoin, (o.created_at + 259200) / 604800, o.structure_id, COUNT(DISTINCT o.demande_id),
    COUNT(DISTINCT CASE WHEN o.rang = 0 THEN o.demande_id END), COUNT(DISTINCT CASE WHEN o.donnee THEN o.demande_id END)
  FROM accueil_orientation o
  JOIN accueil_demande_besoin b ON b.territoire_id = o.territoire_id AND b.demande_id = o.demande_id
  GROUP BY o.territoire_id, b.besoin, (o.created_at + 259200) / 604800, o.structure_id;
INSERT INTO accueil_equite (territoire_id, besoin, semaine, structure_id, proposees, premieres, donnees)
  SELECT d.territoire_id, b.besoin, (d.received_at + 259200) / 604800, '', COUNT(*), 0, 0
  FROM accueil_demande d
  JOIN accueil_demande_besoin b ON b.territoire_id = d.territoire_id AND b.demande_id = d.id
  GROUP BY d.territoire_id, b.besoin, (d.received_at + 259200) / 604800;
