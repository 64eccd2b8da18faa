-- The first migration. Frozen once released: a change to a table is a migration of its own.
-- Columns are named as the fields of the records in db/model/; what each means stands in
-- db/datasette/descriptions.toml. Instants are ISO 8601 with Z, dates ISO, lists and records JSON text.

-- What documents say ------------------------------------------------------------------------------

CREATE TABLE documents (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE document_versions (
  document_id TEXT NOT NULL REFERENCES documents(id),
  sha256 TEXT NOT NULL,
  text TEXT NOT NULL,
  added_at TEXT NOT NULL,
  PRIMARY KEY (document_id, sha256)
) STRICT;

-- One reading of one version. The newest of a document is the current one: a text that comes back after an
-- edit, or that a better reader reads otherwise, is a new reading.
CREATE TABLE ingests (
  id INTEGER PRIMARY KEY,
  document_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  language TEXT,
  reading_sha256 TEXT NOT NULL,
  ingested_at TEXT NOT NULL,
  FOREIGN KEY (document_id, sha256) REFERENCES document_versions(document_id, sha256)
) STRICT;
CREATE INDEX ingests_by_document ON ingests(document_id, id);

CREATE TABLE claims (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES documents(id),
  text TEXT NOT NULL,
  occurrence INTEGER NOT NULL,
  language TEXT,
  succeeds TEXT REFERENCES claims(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX claims_by_document ON claims(document_id);

CREATE TABLE citations (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES documents(id),
  outlet TEXT,
  title TEXT,
  date TEXT,
  url TEXT,
  doi TEXT
) STRICT;
CREATE INDEX citations_by_document ON citations(document_id);

CREATE TABLE claim_marks (
  ingest_id INTEGER NOT NULL REFERENCES ingests(id),
  ordinal INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims(id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  heading TEXT,
  context TEXT NOT NULL,
  PRIMARY KEY (ingest_id, ordinal)
) STRICT;
CREATE INDEX claim_marks_by_claim ON claim_marks(claim_id);

CREATE TABLE claim_citations (
  ingest_id INTEGER NOT NULL,
  claim_ordinal INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims(id),
  citation_id TEXT NOT NULL REFERENCES citations(id),
  PRIMARY KEY (ingest_id, claim_ordinal, citation_id),
  FOREIGN KEY (ingest_id, claim_ordinal) REFERENCES claim_marks(ingest_id, ordinal)
) STRICT;
CREATE INDEX claim_citations_by_citation ON claim_citations(citation_id, ingest_id);

CREATE TABLE citation_marks (
  ingest_id INTEGER NOT NULL REFERENCES ingests(id),
  ordinal INTEGER NOT NULL,
  citation_id TEXT NOT NULL REFERENCES citations(id),
  n TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  raw TEXT NOT NULL,
  PRIMARY KEY (ingest_id, ordinal)
) STRICT;
CREATE INDEX citation_marks_by_citation ON citation_marks(citation_id, ingest_id);

CREATE TABLE unparsed (
  ingest_id INTEGER NOT NULL REFERENCES ingests(id),
  ordinal INTEGER NOT NULL,
  n TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  raw TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (ingest_id, ordinal)
) STRICT;

-- Runs --------------------------------------------------------------------------------------------

CREATE TABLE runs (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL,
  ended_at TEXT,
  resumes TEXT REFERENCES runs(id),
  detail TEXT NOT NULL,
  version TEXT NOT NULL,
  plugins TEXT NOT NULL,
  config_digest TEXT NOT NULL,
  counts TEXT NOT NULL,
  holder TEXT NOT NULL
) STRICT;

-- What was asked of the web -----------------------------------------------------------------------

CREATE TABLE bodies (
  sha256 TEXT PRIMARY KEY NOT NULL,
  zstd BLOB,
  body_bytes INTEGER NOT NULL,
  dropped INTEGER NOT NULL DEFAULT 0,
  CHECK ((zstd IS NULL) = (dropped = 1))
) STRICT;

CREATE TABLE captures (
  id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id),
  request_key TEXT NOT NULL,
  requested_url TEXT NOT NULL,
  url TEXT NOT NULL,
  method TEXT NOT NULL,
  purpose TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  duration_s REAL NOT NULL,
  status INTEGER NOT NULL,
  http_version TEXT NOT NULL,
  headers TEXT NOT NULL,
  hops TEXT NOT NULL,
  remote_address TEXT,
  media_type TEXT,
  charset TEXT,
  body_sha256 TEXT REFERENCES bodies(sha256),
  body_bytes INTEGER NOT NULL,
  wire_sha256 TEXT,
  wire_bytes INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  revisit_of TEXT REFERENCES captures(id),
  memento_of TEXT,
  memento_at TEXT
) STRICT;
CREATE INDEX captures_by_request ON captures(request_key, captured_at);
CREATE INDEX captures_by_url ON captures(url, captured_at);
CREATE INDEX captures_by_requested_url ON captures(requested_url, captured_at);
CREATE INDEX captures_by_body ON captures(body_sha256);
CREATE INDEX captures_by_run ON captures(run_id);

CREATE TABLE failures (
  id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id),
  request_key TEXT NOT NULL,
  requested_url TEXT NOT NULL,
  url TEXT NOT NULL,
  method TEXT NOT NULL,
  purpose TEXT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  failed_at TEXT NOT NULL,
  duration_s REAL NOT NULL,
  hops TEXT NOT NULL,
  status INTEGER,
  retry_after_s REAL
) STRICT;
CREATE INDEX failures_by_request ON failures(request_key, failed_at);
CREATE INDEX failures_by_run ON failures(run_id, requested_url);

CREATE TABLE pages (
  id TEXT PRIMARY KEY NOT NULL,
  capture_id TEXT NOT NULL REFERENCES captures(id),
  url TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  extractor TEXT NOT NULL,
  extractor_version TEXT NOT NULL,
  state TEXT NOT NULL,
  state_why TEXT NOT NULL,
  access TEXT NOT NULL,
  text TEXT NOT NULL,
  title TEXT,
  titles TEXT NOT NULL,
  authors TEXT NOT NULL,
  published_at TEXT,
  published_on TEXT,
  modified_at TEXT,
  date_source TEXT,
  language TEXT,
  outlet TEXT,
  canonical_url TEXT,
  credits TEXT NOT NULL,
  noarchive INTEGER NOT NULL,
  nosnippet INTEGER NOT NULL
) STRICT;
CREATE INDEX pages_by_body ON pages(body_sha256);
CREATE INDEX pages_by_url ON pages(url);
CREATE INDEX pages_by_capture ON pages(capture_id);

-- What was concluded ------------------------------------------------------------------------------

CREATE TABLE resolutions (
  id TEXT PRIMARY KEY NOT NULL,
  citation_id TEXT NOT NULL REFERENCES citations(id),
  run_id TEXT NOT NULL REFERENCES runs(id),
  resolved_at TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  url TEXT,
  archive_url TEXT,
  via TEXT,
  rule TEXT NOT NULL,
  score REAL NOT NULL,
  identity TEXT,
  page_id TEXT REFERENCES pages(id)
) STRICT;
CREATE INDEX resolutions_by_citation ON resolutions(citation_id);
CREATE INDEX resolutions_by_run ON resolutions(run_id);
CREATE INDEX resolutions_by_page ON resolutions(page_id);

CREATE TABLE candidates (
  resolution_id TEXT NOT NULL REFERENCES resolutions(id),
  rank INTEGER NOT NULL,
  url TEXT NOT NULL,
  title TEXT,
  published_on TEXT,
  via TEXT NOT NULL,
  score REAL NOT NULL,
  features TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (resolution_id, rank)
) STRICT;

CREATE TABLE resolver_reports (
  resolution_id TEXT NOT NULL REFERENCES resolutions(id),
  ordinal INTEGER NOT NULL,
  resolver TEXT NOT NULL,
  coverage TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (resolution_id, ordinal)
) STRICT;

CREATE TABLE findings (
  id TEXT PRIMARY KEY NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims(id),
  page_id TEXT NOT NULL REFERENCES pages(id),
  verifier TEXT NOT NULL,
  version TEXT NOT NULL,
  config_digest TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  score REAL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX findings_by_claim ON findings(claim_id);
CREATE INDEX findings_by_page ON findings(page_id);

CREATE TABLE facets (
  finding_id TEXT NOT NULL REFERENCES findings(id),
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (finding_id, ordinal)
) STRICT;

CREATE TABLE verdicts (
  id TEXT PRIMARY KEY NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims(id),
  citation_id TEXT REFERENCES citations(id),
  run_id TEXT NOT NULL REFERENCES runs(id),
  decided_at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  score REAL,
  confidence REAL,
  retry_on TEXT,
  page_id TEXT REFERENCES pages(id),
  resolution_id TEXT REFERENCES resolutions(id),
  cause TEXT
) STRICT;
CREATE INDEX verdicts_by_claim ON verdicts(claim_id, citation_id);
CREATE INDEX verdicts_by_run ON verdicts(run_id);

CREATE TABLE verdict_findings (
  verdict_id TEXT NOT NULL REFERENCES verdicts(id),
  ordinal INTEGER NOT NULL,
  finding_id TEXT NOT NULL REFERENCES findings(id),
  PRIMARY KEY (verdict_id, ordinal)
) STRICT;

-- Belongs to a verdict, to a finding, or to one facet of a finding.
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  verdict_id TEXT REFERENCES verdicts(id),
  finding_id TEXT REFERENCES findings(id),
  facet_ordinal INTEGER,
  ordinal INTEGER NOT NULL,
  page_id TEXT NOT NULL REFERENCES pages(id),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  quote TEXT NOT NULL,
  FOREIGN KEY (finding_id, facet_ordinal) REFERENCES facets(finding_id, ordinal),
  CHECK ((verdict_id IS NULL) <> (finding_id IS NULL))
) STRICT;
CREATE INDEX evidence_by_verdict ON evidence(verdict_id, ordinal);
CREATE INDEX evidence_by_finding ON evidence(finding_id, facet_ordinal, ordinal);
CREATE INDEX evidence_by_page ON evidence(page_id);

CREATE TABLE attempts (
  run_id TEXT NOT NULL REFERENCES runs(id),
  claim_id TEXT NOT NULL REFERENCES claims(id),
  citation_id TEXT NOT NULL REFERENCES citations(id),
  attempted_at TEXT NOT NULL,
  resolution_id TEXT NOT NULL REFERENCES resolutions(id),
  verdict_id TEXT NOT NULL REFERENCES verdicts(id),
  retry_on TEXT,
  PRIMARY KEY (run_id, claim_id, citation_id)
) STRICT;
CREATE INDEX attempts_by_citation ON attempts(citation_id, attempted_at);

-- Kept by the two triggers below: which verdict stands, and what the last attempt at it said.
CREATE TABLE verdicts_latest (
  claim_id TEXT NOT NULL REFERENCES claims(id),
  citation_id TEXT REFERENCES citations(id),
  verdict_id TEXT NOT NULL REFERENCES verdicts(id),
  resolution_id TEXT REFERENCES resolutions(id),
  attempted_at TEXT NOT NULL,
  retry_on TEXT
) STRICT;
CREATE UNIQUE INDEX verdicts_latest_by_claim ON verdicts_latest(claim_id, ifnull(citation_id, ''));
CREATE INDEX verdicts_latest_by_citation ON verdicts_latest(citation_id, claim_id);
CREATE INDEX verdicts_latest_by_retry ON verdicts_latest(retry_on);

CREATE TRIGGER verdicts_latest_kept AFTER INSERT ON verdicts BEGIN
  DELETE FROM verdicts_latest WHERE claim_id = NEW.claim_id AND citation_id IS NEW.citation_id;
  INSERT INTO verdicts_latest (claim_id, citation_id, verdict_id, resolution_id, attempted_at, retry_on)
  VALUES (NEW.claim_id, NEW.citation_id, NEW.id, NEW.resolution_id, NEW.decided_at, NEW.retry_on);
END;

CREATE TRIGGER verdicts_latest_attempted AFTER INSERT ON attempts BEGIN
  UPDATE verdicts_latest
  SET resolution_id = NEW.resolution_id, attempted_at = NEW.attempted_at, retry_on = NEW.retry_on
  WHERE claim_id = NEW.claim_id AND citation_id IS NEW.citation_id;
END;

-- Taking out --------------------------------------------------------------------------------------

CREATE TABLE purges (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  url TEXT,
  outlet TEXT,
  reason TEXT NOT NULL,
  purged_at TEXT NOT NULL
) STRICT;
CREATE INDEX purges_by_sha256 ON purges(sha256);

-- Holds a row only inside the transaction of a purge or of dropping bodies; history may change while it does.
CREATE TABLE purging (why TEXT NOT NULL) STRICT;

-- Operational: may change -------------------------------------------------------------------------

CREATE TABLE leases (
  name TEXT PRIMARY KEY NOT NULL,
  holder TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE robots (
  origin TEXT PRIMARY KEY NOT NULL,
  status TEXT NOT NULL,
  http_status INTEGER,
  text TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE paces (
  "key" TEXT PRIMARY KEY NOT NULL,
  next_allowed_at TEXT NOT NULL,
  gap_s REAL NOT NULL
) STRICT;

CREATE TABLE breakers (
  "key" TEXT PRIMARY KEY NOT NULL,
  failures INTEGER NOT NULL,
  open_until TEXT,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE outlets (
  name TEXT PRIMARY KEY NOT NULL,
  aliases TEXT NOT NULL,
  hosts TEXT NOT NULL,
  former_hosts TEXT NOT NULL,
  feeds TEXT NOT NULL,
  sitemaps TEXT NOT NULL,
  news_sitemaps TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT,
  languages TEXT NOT NULL,
  source TEXT NOT NULL
) STRICT;
