-- What the PostgreSQL of docker-compose.yml starts with. Change rows, and see them arrive in the bucket "lake".
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    joined timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    total numeric(12, 2) NOT NULL,
    status text NOT NULL DEFAULT 'placed'
);
INSERT INTO customers (name) VALUES ('Ada'), ('Grace'), ('Edsger');
INSERT INTO orders (customer_id, total) VALUES (1, 12.50), (2, 99.00), (2, 7.25);
