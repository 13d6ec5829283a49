-- Fills an empty shop on MySQL with two years of work: {people} people, {products} products, {orders} orders. As many orders
-- go to everybody, and each five of somebody are paid from one grant, the last of which leaves something. The laws of the
-- books hold.

SET SESSION foreign_key_checks = 0, unique_checks = 0, cte_max_recursion_depth = 1000000;

CREATE TABLE scale_orders (
    n INT NOT NULL PRIMARY KEY,
    person INT NOT NULL,
    -- The how manieth of this person, from 0 on.
    nth INT NOT NULL,
    product INT NOT NULL,
    price INT NOT NULL,
    at DATETIME(6) NOT NULL,
    person_id BINARY(16) NOT NULL,
    order_id BINARY(16) NOT NULL,
    INDEX (person, nth)
);
INSERT INTO scale_orders
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {orders})
    SELECT n, 1 + (n - 1) % {people}, (n - 1) DIV {people}, 1 + n * 7919 % {products}, 100 + 10 * (n * 7919 % {products} % 50),
        TIMESTAMPADD(SECOND, -FLOOR(63000000 * (1 - n / {orders})) - 60, UTC_TIMESTAMP()),
        UNHEX(CONCAT('01900000000070008000', LPAD(HEX(1 + (n - 1) % {people}), 12, '0'))),
        UNHEX(CONCAT('01910000000070008000', LPAD(HEX(n), 12, '0')))
    FROM numbers;

INSERT INTO people (id, employee_number, name, email, department, office, hired_on, birthday, is_active, version, created_at,
        search_text)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {people})
    SELECT UNHEX(CONCAT('01900000000070008000', LPAD(HEX(n), 12, '0'))), CONCAT('E-', LPAD(n, 5, '0')),
        CONCAT(ELT(1 + n % 8, 'Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gina', 'Hal'), ' ',
            ELT(1 + n DIV 8 % 8, 'Abel', 'Brook', 'Crane', 'Dale', 'Ember', 'Frost', 'Grove', 'Hart'), ' ', n),
        CONCAT('person', n, '@example.test'), CONCAT('Department ', n % 20), ELT(1 + n % 2, 'berlin', 'lisbon'),
        DATE_ADD('2015-01-01', INTERVAL n % 3000 DAY), DATE_ADD('1970-01-01', INTERVAL n * 37 % 12000 DAY), TRUE, 1,
        TIMESTAMPADD(SECOND, -64000000, UTC_TIMESTAMP()), ''
    FROM numbers;
UPDATE people SET search_text = LOWER(CONCAT_WS(' ', name, employee_number, email, department));
INSERT INTO person_roles (person_id, role) VALUES (UNHEX('01900000000070008000000000000001'), 'super-admin');
INSERT INTO accounts (id, kind, person_id, balance, created_at) SELECT id, 'person', id, 0, created_at FROM people;

INSERT INTO categories (id, slug, name, position) VALUES
    (UNHEX('01920000000070008000000000000001'), 'home', 'Home', 1),
    (UNHEX('01920000000070008000000000000002'), 'travel', 'Travel', 2);
INSERT INTO products (id, slug, category_id, kind, state, name, description, terms, how_to_use, search_text, price, stock,
        redeemed, low_stock_at, version, created_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {products})
    SELECT UNHEX(CONCAT('01930000000070008000', LPAD(HEX(n), 12, '0'))), CONCAT('thing-', n),
        IF(n % 2, UNHEX('01920000000070008000000000000001'), UNHEX('01920000000070008000000000000002')),
        'physical', 'listed', CONCAT(ELT(1 + n % 4, 'Lamp ', 'Mug ', 'Bag ', 'Book '), n),
        'Something that is good to have.', '', '', '', 100 + 10 * (n - 1) % 500, 1000000, 0, 5, 1,
        TIMESTAMPADD(SECOND, -63900000 + n, UTC_TIMESTAMP())
    FROM numbers;
UPDATE products p JOIN categories c ON c.id = p.category_id
    SET p.search_text = LOWER(CONCAT(p.name, '\n', c.name, '\n', p.description));
INSERT INTO stock_moves (product_id, quantity, reason, actor_id, at, form_key, note)
    SELECT id, 1000000, 'received', UNHEX('01900000000070008000000000000001'), created_at, id, '' FROM products ORDER BY id;

INSERT INTO orders (id, number, person_id, checkout_key, state, expected_total, total, delivery_kind, delivery_to, version,
        placed_at)
    -- Letters that are easily misread are not in numbers of orders.
    SELECT order_id, INSERT(TRANSLATED, 5, 0, '-'), person_id, order_id, state, price, price, 'office',
        'Berlin\nLamp Street 1, 10115 Berlin', IF(state = 'placed', 1, 2), at
    FROM (SELECT o.*, IF(n > {orders} * 0.99, 'placed', 'fulfilled') AS state,
        REPLACE(REPLACE(REPLACE(REPLACE(LPAD(CONV(n + 10000000, 10, 32), 8, '0'), 'I', 'W'), 'L', 'X'), 'O', 'Y'), 'U', 'Z')
            AS TRANSLATED
        FROM scale_orders o) numbered
    ORDER BY n;
INSERT INTO order_lines (id, order_id, product_id, position, kind, name, object_key, widths, unit_price, quantity)
    SELECT UNHEX(CONCAT('01940000000070008000', LPAD(HEX(o.n), 12, '0'))), o.order_id, p.id, 1, 'physical', p.name, '', '',
        o.price, 1
    FROM scale_orders o JOIN products p ON p.id = UNHEX(CONCAT('01930000000070008000', LPAD(HEX(o.product), 12, '0')))
    ORDER BY o.n;
INSERT INTO stock_moves (product_id, quantity, reason, order_id, actor_id, at, note)
    SELECT UNHEX(CONCAT('01930000000070008000', LPAD(HEX(product), 12, '0'))), -1, 'sold', order_id, person_id, at, ''
    FROM scale_orders ORDER BY n;
UPDATE products p JOIN (SELECT product, COUNT(*) AS sold FROM scale_orders GROUP BY product) s
        ON p.id = UNHEX(CONCAT('01930000000070008000', LPAD(HEX(s.product), 12, '0')))
    SET p.stock = p.stock - s.sold, p.redeemed = s.sold;
INSERT INTO order_events (order_id, kind, note, actor_id, at)
    SELECT order_id, 'placed', '', person_id, at FROM scale_orders ORDER BY n;
INSERT INTO order_events (order_id, kind, note, actor_id, at)
    SELECT order_id, 'fulfilled', '', UNHEX('01900000000070008000000000000001'), at
    FROM scale_orders WHERE n <= {orders} * 0.99 ORDER BY n;

-- A grant an hour before each fifth order of a person, so that it is there when the first of them is paid. It is spent to
-- the last point by those five, but for the last grant of all.
INSERT INTO transfers (kind, from_account_id, to_account_id, account_id, amount, balance_after, order_id, actor_id, reason, at)
    SELECT kind, IF(kind = 'grant', UNHEX('00000000000000000000000000000001'), person_id),
        IF(kind = 'grant', person_id, UNHEX('00000000000000000000000000000002')), person_id, amount,
        SUM(IF(kind = 'grant', amount, -amount)) OVER (PARTITION BY person_id ORDER BY at, kind), order_id,
        IF(kind = 'grant', giver_id, person_id), IF(kind = 'grant', 'Thank you for all you did', ''), at
    FROM (
        SELECT 'redeem' AS kind, person_id, price AS amount, order_id, NULL AS giver_id, at FROM scale_orders
        UNION ALL
        SELECT 'grant', person_id, SUM(price) + IF(MAX(nth) + 5 >= {orders} DIV {people}, 500, 0), NULL,
            IF(person = 1, UNHEX('01900000000070008000000000000002'), UNHEX('01900000000070008000000000000001')),
            TIMESTAMPADD(HOUR, -1, MIN(at))
        FROM scale_orders GROUP BY person_id, person, nth DIV 5
    ) happened
    ORDER BY at, person_id;
INSERT INTO lots (id, account_id, transfer_id, granted, remaining, expires_at, created_at)
    SELECT UNHEX(CONCAT('01950000000070008000', LPAD(HEX(id), 12, '0'))), account_id, id, amount, amount,
        TIMESTAMP(DATE(TIMESTAMPADD(MONTH, 25, at))), at
    FROM transfers WHERE kind = 'grant' ORDER BY id;
INSERT INTO grants (id, person_id, transfer_id, amount, reason, note, actor_id, at, form_key)
    SELECT UNHEX(CONCAT('01960000000070008000', LPAD(HEX(id), 12, '0'))), account_id, id, amount, 'thank-you', reason,
        actor_id, at, UNHEX(CONCAT('01970000000070008000', LPAD(HEX(id), 12, '0')))
    FROM transfers WHERE kind = 'grant' ORDER BY id;
-- Each order draws from the last grant before it.
INSERT INTO draws (transfer_id, lot_id, amount)
    SELECT id, UNHEX(CONCAT('01950000000070008000', LPAD(HEX(given), 12, '0'))), amount
    FROM (SELECT id, kind, amount, MAX(IF(kind = 'grant', id, 0)) OVER (PARTITION BY account_id ORDER BY id) AS given
        FROM transfers) t
    WHERE kind = 'redeem' ORDER BY id;
UPDATE lots l JOIN (SELECT lot_id, SUM(amount) AS drawn FROM draws GROUP BY lot_id) d ON d.lot_id = l.id
    SET l.remaining = l.granted - d.drawn;
UPDATE accounts a JOIN (SELECT account_id, SUM(remaining) AS has FROM lots GROUP BY account_id) l ON l.account_id = a.id
    SET a.balance = l.has;

INSERT INTO audit_events (actor_id, action, subject_kind, subject_id, details, at)
    SELECT actor_id, 'stock.adjust', 'product', BIN_TO_UUID(product_id), JSON_OBJECT('quantity', quantity), at
    FROM stock_moves WHERE form_key IS NOT NULL ORDER BY id;
INSERT INTO audit_events (actor_id, action, subject_kind, subject_id, details, at, person_id)
    SELECT person_id, 'order.place', 'order', BIN_TO_UUID(order_id), JSON_OBJECT('total', price), at, person_id
    FROM scale_orders ORDER BY n;
INSERT INTO audit_events (actor_id, action, subject_kind, subject_id, details, at, person_id)
    SELECT UNHEX('01900000000070008000000000000001'), 'order.fulfil', 'order', BIN_TO_UUID(order_id),
        JSON_OBJECT('note', ''), at, person_id
    FROM scale_orders WHERE n <= {orders} * 0.99 ORDER BY n;
INSERT INTO audit_events (actor_id, action, subject_kind, subject_id, details, at, person_id)
    SELECT actor_id, 'points.grant', 'grant', BIN_TO_UUID(id), JSON_OBJECT('amount', amount), at, person_id
    FROM grants ORDER BY id;

INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at, done_at)
    SELECT UNHEX(CONCAT('01980000000070008000', RIGHT(HEX(id), 12))), 'order-placed',
        JSON_OBJECT('kind', 'order-placed', 'number', number), 1, '', placed_at, placed_at, placed_at
    FROM orders ORDER BY id;

DROP TABLE scale_orders;
ANALYZE TABLE people, accounts, products, stock_moves, orders, order_lines, order_events, transfers, lots, grants, draws,
    audit_events, outbox_messages;
SET SESSION foreign_key_checks = 1, unique_checks = 1;
