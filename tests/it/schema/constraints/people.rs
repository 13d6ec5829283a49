//! People, how they come in, and where goods go.

use super::{Breach, foreign_key, primary_key, unique};

pub(super) const BREACHES: &[Breach] = &[
    primary_key("people (id)", "UPDATE people SET id = x'01' WHERE name = 'Spare'"),
    unique("people_identity", "people (issuer, subject)", "UPDATE people SET subject = 'same'"),
    unique("people_email", "people (email)", "UPDATE people SET email = 'same@example.test'"),
    unique("people_employee_number", "people (employee_number)", "UPDATE people SET employee_number = '1'"),
    // What they may do.
    primary_key("person_roles (person_id, role)", "UPDATE person_roles SET role = 'orders'"),
    foreign_key(
        "person_roles_person",
        "person_roles (person_id) REFERENCES people (id)",
        "UPDATE person_roles SET person_id = x'EE'",
    ),
    // Where goods go.
    primary_key("addresses (id)", "UPDATE addresses SET id = x'01'"),
    unique("addresses_default", "addresses (default_of)", "UPDATE addresses SET default_of = x'01'"),
    foreign_key(
        "addresses_person",
        "addresses (person_id) REFERENCES people (id)",
        "UPDATE addresses SET person_id = x'EE'",
    ),
    // Who is at the door, and who is signed in.
    primary_key("sign_in_attempts (token_hash)", "UPDATE sign_in_attempts SET token_hash = x'01'"),
    primary_key("sessions (token_hash)", "UPDATE sessions SET token_hash = x'01'"),
    foreign_key(
        "sessions_person_id",
        "sessions (person_id) REFERENCES people (id)",
        "UPDATE sessions SET person_id = x'EE'",
    ),
    // Sheets of them.
    primary_key("people_imports (id)", "UPDATE people_imports SET id = x'01'"),
    foreign_key(
        "people_imports_maker",
        "people_imports (maker_id) REFERENCES people (id)",
        "UPDATE people_imports SET maker_id = x'EE'",
    ),
];
