-- Reports of ten thousand people: sums of the past by department and by day, and marks every ten days in place of every
-- month.

-- By how many changes of people they are told apart from those of another time, and whose departments they know.
ALTER TABLE marks ADD COLUMN people BIGINT NULL;
ALTER TABLE marks ADD COLUMN versions BIGINT NULL;
CREATE INDEX people_by_version ON people (version);
-- When somebody redeemed last, and the last mark before that.
ALTER TABLE account_marks ADD COLUMN last_redeemed_at {at} NULL;
ALTER TABLE account_marks ADD COLUMN redeemed_since {at} NULL;

-- The people of a department as they were at a mark, those together who redeemed last since the same mark. Who is where
-- and who is active is that of the day on which it was made, which the mark remembers.
CREATE TABLE IF NOT EXISTS department_marks (
    id {serial},
    mark_at {at} NOT NULL,
    department {exact:120} NULL,
    redeemed_since {at} NULL,
    people BIGINT NOT NULL,
    active BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    deducted BIGINT NOT NULL,
    CONSTRAINT department_marks_mark FOREIGN KEY (mark_at) REFERENCES marks (at)
);
CREATE INDEX department_marks_of_mark ON department_marks (mark_at);

-- What had moved in all before each day, so that what moved on a day is the difference of two.
CREATE TABLE IF NOT EXISTS day_marks (
    at {at} NOT NULL PRIMARY KEY,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    deducted BIGINT NOT NULL
);

-- Those of the months lack what is new; the job makes all of them again.
DELETE FROM department_marks;
DELETE FROM account_marks;
DELETE FROM product_marks;
DELETE FROM marks;
DELETE FROM day_marks;
