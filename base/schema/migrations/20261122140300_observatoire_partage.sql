-- The territoires that consent to share their counts with the others; no line, nothing shared. The journal says who decided.
CREATE TABLE observatoire_partage (
  territoire_id TEXT NOT NULL PRIMARY KEY,
  consenti_at BIGINT NOT NULL,
  FOREIGN KEY (territoire_id) REFERENCES territoire_territoire (id)
);
