-- What was found each time the books were checked, so that every task can tell.

CREATE TABLE IF NOT EXISTS book_checks (
    id {serial},
    at {at} NOT NULL,
    -- The names of the broken laws, separated by blanks; empty when all held.
    broken_laws VARCHAR(4000) NOT NULL,
    offences BIGINT NOT NULL
);
