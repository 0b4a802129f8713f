-- Fills base.sql: the setting shop.rows says how many rows the large tables get.

CREATE FUNCTION pg_temp.n() RETURNS integer LANGUAGE sql AS
    $$ SELECT current_setting('shop.rows')::integer $$;

INSERT INTO customers (email, name, phone, country, language, balance, network, seen_at, newsletter, legacy_code)
SELECT 'customer-' || g || '@shop.example', 'Customer number ' || g, '+44 20 ' || g, (ARRAY['DE', 'FR', 'GB'])[g % 3 + 1],
    (ARRAY['de', 'en', 'fr'])[g % 3 + 1], g / 100.0, '10.0.0.0/8', now(), g % 2 = 0, 'code ' || g
FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO addresses (customer_id, street, city, postcode)
SELECT g, 'Street ' || g, 'City ' || g % 50, lpad(g::text, 5, '0') FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO categories
SELECT g, NULLIF(g / 10, 0), 'Category ' || g FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO products (sku, title, price, discount, category_id, price_currency, details, colour)
SELECT 'SKU-' || g, 'Title of product ' || g, 1 + g / 100.0, 0.25, g,
    (ARRAY['EUR', 'GBP', 'USD'])[g % 3 + 1], '{"size": 1}', (ARRAY['red', 'Blue'])[g % 2 + 1]
FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO stock
SELECT g, g % 100, 'shelf-' || g, timestamp '2025-01-01 08:00:00.123456' + g * interval '1 hour'
FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO price_periods (id, during)
SELECT g, daterange(date '1990-01-01' + g, date '1990-01-01' + g + 1) FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO orders (customer_id, status, total, channel, placed_at, reference, items, note)
SELECT g, (ARRAY['new', 'paid', 'shipped', 'cancelled'])[g % 4 + 1]::order_status, g / 100.0,
    (ARRAY['web', 'phone', 'shop'])[g % 3 + 1], timestamp '2025-01-01' + g * interval '1 minute',
    'reference of the order ' || g, g % 5, 'note'
FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO order_lines
SELECT g, line, g, line, 1 + g / 100.0 FROM generate_series(1, pg_temp.n()) AS g, generate_series(1, 2) AS line;

INSERT INTO payments (order_id, amount, fee, method, state, provider, paid_at)
SELECT g, g / 100.0, 0.25, (ARRAY['card', 'cash', 'transfer'])[g % 3 + 1], (ARRAY['open', 'done'])[g % 2 + 1], 'bank', now()
FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO events
SELECT g, (ARRAY[date '2021-03-01', date '2024-03-01', date '2025-03-01'])[g % 3 + 1], 'click', g, '{"page": 1}'
FROM generate_series(1, pg_temp.n()) AS g;
INSERT INTO events_2023
SELECT g, date '2023-03-01', 'click', g, '{}' FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO readings
SELECT g, (ARRAY['eu', 'us'])[g % 2 + 1], g % 30 FROM generate_series(1, pg_temp.n()) AS g;
INSERT INTO readings_asia
SELECT g, 'asia', g % 30 FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO documents SELECT g, 'Document ' || g, true FROM generate_series(1, pg_temp.n()) AS g;
INSERT INTO invoices SELECT g, 'Invoice ' || g, true, date '2026-01-01' FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO messages
SELECT g, 'tenant-' || g % 5, 'Message ' || g, timestamp(3) '2025-01-01 08:00:00.123' FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO sessions SELECT 'token-' || g, g, now() FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO "AuditLog" SELECT g, g % 100, 'signed in' FROM generate_series(1, pg_temp.n()) AS g;

INSERT INTO archive.orders SELECT g, g, g / 100.0, 'old' FROM generate_series(1, pg_temp.n()) AS g;

REFRESH MATERIALIZED VIEW sales_by_customer;
REFRESH MATERIALIZED VIEW product_prices;
