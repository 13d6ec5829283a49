-- What the shop offers: categories, products, their pictures, and every move of stock.

CREATE TABLE IF NOT EXISTS categories (
    id {id} NOT NULL PRIMARY KEY,
    slug {exact:80} NOT NULL,
    name VARCHAR(80) NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT categories_slug UNIQUE (slug)
);

CREATE TABLE IF NOT EXISTS products (
    id {id} NOT NULL PRIMARY KEY,
    slug {exact:120} NOT NULL,
    category_id {id} NOT NULL,
    kind {exact:20} NOT NULL,
    state {exact:20} NOT NULL,
    name VARCHAR(120) NOT NULL,
    description TEXT NOT NULL,
    terms TEXT NOT NULL,
    how_to_use TEXT NOT NULL,
    -- Name, description and category in lower case: what the search box looks through, alike on every database.
    search_text TEXT NOT NULL,
    price BIGINT NOT NULL,
    stock BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    low_stock_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT products_slug UNIQUE (slug),
    CONSTRAINT products_price_positive CHECK (price > 0),
    CONSTRAINT products_stock_not_negative CHECK (stock >= 0),
    CONSTRAINT products_category FOREIGN KEY (category_id) REFERENCES categories (id)
);
CREATE INDEX products_newest ON products (state, created_at);

CREATE TABLE IF NOT EXISTS pictures (
    id {id} NOT NULL PRIMARY KEY,
    product_id {id} NOT NULL,
    position BIGINT NOT NULL,
    -- Objects are stored under {object_key}-{width}.webp, one for each of these widths.
    object_key {exact:120} NOT NULL,
    widths {exact:60} NOT NULL,
    alt VARCHAR(250) NOT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT pictures_position UNIQUE (product_id, position),
    CONSTRAINT pictures_product FOREIGN KEY (product_id) REFERENCES products (id)
);
