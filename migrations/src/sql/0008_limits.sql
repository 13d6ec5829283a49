-- How many of a product one person may have in a period of the company's calendar; both columns or neither.

ALTER TABLE products ADD COLUMN limit_count BIGINT NULL
    {constraint} products_limit_positive CHECK (limit_count > 0);

ALTER TABLE products ADD COLUMN limit_period {exact:20} NULL
    {constraint} products_limit_whole CHECK ((limit_count IS NULL) = (limit_period IS NULL))
    {constraint} products_limit_period_known CHECK (limit_period IN ('week', 'month', 'year', 'ever'));
