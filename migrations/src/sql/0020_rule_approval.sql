-- The second pair of eyes of rules: who made the terms that stand now, whether they wait for somebody else, and who let them
-- begin. Rules from before were made by one person alone, and go on.

ALTER TABLE grant_rules ADD COLUMN is_waiting BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE grant_rules ADD COLUMN maker_id {id} NULL;
ALTER TABLE grant_rules ADD COLUMN judge_id {id} NULL
    {constraint} grant_rules_second_pair_of_eyes CHECK (judge_id <> maker_id);
