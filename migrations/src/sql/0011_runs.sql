-- Points for many people at once: a run, its rows, and which grant came of which row.

CREATE TABLE IF NOT EXISTS grant_runs (
    id {id} NOT NULL PRIMARY KEY,
    origin {exact:20} NOT NULL,
    state {exact:20} NOT NULL,
    file_name VARCHAR(120) NOT NULL,
    -- Of a single grant: what its form was sent with. The same form twice is the same run.
    form_key {id} NULL,
    -- Of who gets how much: the same sheet is known again, whatever it is called and however it is sorted.
    digest {hash} NOT NULL,
    reason {exact:40} NOT NULL,
    note VARCHAR(500) NOT NULL,
    -- policy, never, or a day; what it means in the end is fixed when the run begins.
    ends {exact:20} NOT NULL,
    expires_at {at} NULL,
    row_count BIGINT NOT NULL,
    good_count BIGINT NOT NULL,
    -- The points of the good rows.
    total BIGINT NOT NULL,
    granted_count BIGINT NOT NULL,
    granted_total BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    taken_back_count BIGINT NOT NULL,
    taken_back_total BIGINT NOT NULL,
    kept_count BIGINT NOT NULL,
    maker_id {id} NOT NULL,
    judge_id {id} NULL,
    verdict VARCHAR(500) NOT NULL,
    reverser_id {id} NULL,
    reversal_note VARCHAR(500) NOT NULL,
    version BIGINT NOT NULL,
    created_at {at} NOT NULL,
    committed_at {at} NULL,
    judged_at {at} NULL,
    started_at {at} NULL,
    finished_at {at} NULL,
    reversal_at {at} NULL,
    reversed_at {at} NULL,
    CONSTRAINT grant_runs_form_key UNIQUE (form_key),
    CONSTRAINT grant_runs_second_pair_of_eyes CHECK (judge_id <> maker_id),
    CONSTRAINT grant_runs_granted_within CHECK (granted_count + failed_count <= good_count),
    CONSTRAINT grant_runs_taken_back_within CHECK (taken_back_count + kept_count <= granted_count),
    CONSTRAINT grant_runs_maker FOREIGN KEY (maker_id) REFERENCES people (id),
    CONSTRAINT grant_runs_judge FOREIGN KEY (judge_id) REFERENCES people (id),
    CONSTRAINT grant_runs_reverser FOREIGN KEY (reverser_id) REFERENCES people (id)
);
CREATE INDEX grant_runs_by_state ON grant_runs (state, id);
CREATE INDEX grant_runs_by_digest ON grant_runs (digest, id);

CREATE TABLE IF NOT EXISTS grant_run_rows (
    run_id {id} NOT NULL,
    position BIGINT NOT NULL,
    -- The line of the sheet, and who and how much as typed there.
    line BIGINT NOT NULL,
    who VARCHAR(254) NOT NULL,
    amount_typed VARCHAR(40) NOT NULL,
    note VARCHAR(500) NOT NULL,
    person_id {id} NULL,
    amount BIGINT NULL,
    is_unusual BOOLEAN NOT NULL,
    state {exact:20} NOT NULL,
    problem {exact:40} NULL,
    -- The earlier line with the same person.
    other_line BIGINT NULL,
    PRIMARY KEY (run_id, position),
    CONSTRAINT grant_run_rows_whole CHECK (state = 'bad' OR (person_id IS NOT NULL AND amount > 0)),
    CONSTRAINT grant_run_rows_run FOREIGN KEY (run_id) REFERENCES grant_runs (id),
    CONSTRAINT grant_run_rows_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX grant_run_rows_by_state ON grant_run_rows (run_id, state, position);

-- Which row a grant is of: unique, so that no row is ever granted twice.
ALTER TABLE grants ADD COLUMN run_id {id} NULL;
ALTER TABLE grants ADD COLUMN run_position BIGINT NULL;
CREATE UNIQUE INDEX grants_run_once ON grants (run_id, run_position);
