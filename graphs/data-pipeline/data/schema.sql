-- The rules of the tables, as SQLite enforces them. A row that breaks one goes into quarantine.
create table customers (
  customer_id integer primary key,
  name text not null,
  country text not null check (country in ('BG', 'DE', 'ES', 'JP', 'PT')),
  email text not null default 'unknown',
  signed_up text check (signed_up = date(signed_up) and signed_up >= '2024-01-01')
) strict;

create table products (
  product_id text primary key,
  title text not null,
  category text not null,
  list_price real not null check (list_price >= 0)
) strict;

create table orders (
  order_id integer primary key,
  customer_id integer not null references customers,
  product_id text not null references products,
  quantity integer not null check (quantity >= 1),
  unit_price real not null check (unit_price >= 0),
  ordered_on text not null check (ordered_on = date(ordered_on)),
  status text not null
) strict;
