-- Pictures can be changed by two people at once, and objects that no picture shows are removed.

ALTER TABLE pictures ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX pictures_object ON pictures (object_key);
-- An order keeps the picture of what was sold: before its objects are removed, somebody asks.
CREATE INDEX order_lines_object ON order_lines (object_key);

-- Objects that are stored and belong to no picture: uploads under way, and pictures that were removed.
CREATE TABLE IF NOT EXISTS stray_pictures (
    object_key {exact:120} NOT NULL PRIMARY KEY,
    widths {exact:60} NOT NULL,
    -- From then on they may be removed.
    due_at {at} NOT NULL
);
CREATE INDEX stray_pictures_due ON stray_pictures (due_at);
