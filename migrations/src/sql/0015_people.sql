-- HR keeps the list of people: when somebody left and was last here, what a search looks through, and sheets to be entered.

ALTER TABLE people ADD COLUMN left_at {at} NULL;
-- Nobody wrote down when they left: their time counts from today.
UPDATE people SET left_at = CURRENT_TIMESTAMP WHERE NOT is_active AND left_at IS NULL;
ALTER TABLE people ADD COLUMN last_seen_at {at} NULL;
-- Name, number, e-mail and department, folded: found and sorted alike on every database.
ALTER TABLE people ADD COLUMN search_text {exact:700} NOT NULL DEFAULT '';
UPDATE people SET search_text = LOWER(CONCAT_WS(' ', name, employee_number, email, department)) WHERE search_text = '';
CREATE INDEX people_by_name ON people (search_text, id);

-- What somebody earned and spent is read from the index alone, and what was given to them from the newest on.
CREATE INDEX transfers_by_kind ON transfers (account_id, kind, amount);
CREATE INDEX grants_of_person ON grants (person_id, id);

CREATE TABLE IF NOT EXISTS people_imports (
    id {id} NOT NULL PRIMARY KEY,
    -- Of the file, byte by byte: the same file again is recognised.
    digest {hash} NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    state {exact:20} NOT NULL,
    -- The rows of the file; once they are entered, those that were refused, with the reasons.
    content {json} NOT NULL,
    row_count BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    maker_id {id} NOT NULL,
    created_at {at} NOT NULL,
    committed_at {at} NULL,
    CONSTRAINT people_imports_maker FOREIGN KEY (maker_id) REFERENCES people (id)
);
CREATE INDEX people_imports_newest ON people_imports (created_at);
