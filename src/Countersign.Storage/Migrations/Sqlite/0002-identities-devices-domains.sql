-- Columns named body are sealed; number_hash is keyed. No other column holds personal data.

CREATE TABLE identities (
    id BLOB PRIMARY KEY,
    project_id TEXT NOT NULL,
    number_hash BLOB NOT NULL,
    standing INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (project_id, number_hash)
);
CREATE INDEX identities_number_hash ON identities (number_hash);

CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    project_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    public_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    identity_id BLOB,
    is_revoked INTEGER NOT NULL
);
CREATE INDEX devices_identity_id ON devices (identity_id) WHERE identity_id IS NOT NULL;

CREATE TABLE passkeys (
    credential_id BLOB PRIMARY KEY,
    project_id TEXT NOT NULL,
    device_id BLOB NOT NULL,
    rp_id TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX passkeys_device_id ON passkeys (device_id);

CREATE TABLE domain_links (
    from_project TEXT NOT NULL,
    to_project TEXT NOT NULL,
    scopes TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    accepted_at INTEGER,
    PRIMARY KEY (from_project, to_project)
) WITHOUT ROWID;
CREATE INDEX domain_links_to_project ON domain_links (to_project);
