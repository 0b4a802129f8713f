CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text varchar(500) NOT NULL CHECK (text <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);
