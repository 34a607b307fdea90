//! What the derive refuses: the error points at what is wrong and says what is allowed.
//!
//! `TRYBUILD=overwrite cargo test --package webhook-derive` writes the expected messages.

#[test]
fn a_mistake_is_pointed_at() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
