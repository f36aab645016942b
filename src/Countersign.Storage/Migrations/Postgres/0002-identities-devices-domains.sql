-- Columns named body are sealed; number_hash is keyed. No other column holds personal data.

CREATE TABLE identities (
    id bytea PRIMARY KEY,
    project_id text NOT NULL,
    number_hash bytea NOT NULL,
    standing bigint NOT NULL,
    created_at bigint NOT NULL,
    body bytea NOT NULL,
    UNIQUE (project_id, number_hash)
);
ALTER TABLE identities ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX identities_number_hash ON identities (number_hash);

CREATE TABLE devices (
    id bytea PRIMARY KEY,
    project_id text NOT NULL,
    key_id text NOT NULL,
    public_key bytea NOT NULL,
    created_at bigint NOT NULL,
    identity_id bytea,
    is_revoked bigint NOT NULL
);
CREATE INDEX devices_identity_id ON devices (identity_id) WHERE identity_id IS NOT NULL;

CREATE TABLE passkeys (
    credential_id bytea PRIMARY KEY,
    project_id text NOT NULL,
    device_id bytea NOT NULL,
    rp_id text NOT NULL,
    sign_count bigint NOT NULL,
    created_at bigint NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX passkeys_device_id ON passkeys (device_id);

CREATE TABLE domain_links (
    from_project text NOT NULL,
    to_project text NOT NULL,
    scopes text NOT NULL,
    requested_at bigint NOT NULL,
    accepted_at bigint,
    PRIMARY KEY (from_project, to_project)
);
CREATE INDEX domain_links_to_project ON domain_links (to_project);
