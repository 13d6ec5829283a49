-- People and how they come in: who works here, what they may do, where goods go, who is signed in.

CREATE TABLE IF NOT EXISTS people (
    id {id} NOT NULL PRIMARY KEY,
    issuer {exact:255} NULL,
    subject {exact:255} NULL,
    employee_number {exact:40} NULL,
    name VARCHAR(120) NOT NULL,
    email {exact:254} NOT NULL,
    department VARCHAR(120) NULL,
    office VARCHAR(120) NULL,
    hired_on DATE NULL,
    birthday DATE NULL,
    is_active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT people_identity UNIQUE (issuer, subject),
    CONSTRAINT people_email UNIQUE (email),
    CONSTRAINT people_employee_number UNIQUE (employee_number)
);

CREATE TABLE IF NOT EXISTS person_roles (
    person_id {id} NOT NULL,
    role {exact:40} NOT NULL,
    PRIMARY KEY (person_id, role),
    CONSTRAINT person_roles_person FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE IF NOT EXISTS addresses (
    id {id} NOT NULL PRIMARY KEY,
    person_id {id} NOT NULL,
    -- The person's id on the default address and NULL on the others: the store itself allows one default.
    default_of {id} NULL,
    recipient VARCHAR(120) NOT NULL,
    line1 VARCHAR(120) NOT NULL,
    line2 VARCHAR(120) NOT NULL,
    postcode VARCHAR(20) NOT NULL,
    city VARCHAR(120) NOT NULL,
    region VARCHAR(120) NOT NULL,
    country {exact:2} NOT NULL,
    phone VARCHAR(40) NOT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT addresses_default UNIQUE (default_of),
    CONSTRAINT addresses_person FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE IF NOT EXISTS sign_in_attempts (
    token_hash {hash} NOT NULL PRIMARY KEY,
    state {exact:128} NOT NULL,
    nonce {exact:128} NOT NULL,
    verifier {exact:128} NOT NULL,
    return_to VARCHAR(1000) NOT NULL,
    expires_at {at} NOT NULL
);
CREATE INDEX sign_in_attempts_expiry ON sign_in_attempts (expires_at);

CREATE TABLE IF NOT EXISTS sessions (
    token_hash {hash} NOT NULL PRIMARY KEY,
    person_id {id} NOT NULL,
    created_at {at} NOT NULL,
    last_seen_at {at} NOT NULL,
    CONSTRAINT sessions_person_id FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX sessions_last_seen ON sessions (last_seen_at);
