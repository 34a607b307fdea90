//! What a vendor crate gets from the core, held against an invented vendor.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]
#![expect(unreachable_pub, reason = "the macros write public types for vendor crates")]

mod authentication;
mod derive;
mod envelope;
mod errors;
#[cfg(feature = "explain")]
mod explain;
mod heads;
mod idempotency;
mod invented;
mod leniency;
mod messages;
mod recognise;
#[cfg(feature = "samples")]
mod samples;
mod vocabularies;

use std::fmt::Debug;

use webhook_core::Wire;
use webhook_core::wire::{Encoded, WireAs};

/// Reads a value.
fn read<T: Wire>(json: &str) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = T::decode(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// Reads a value by a rule.
fn read_as<A: WireAs<T>, T>(json: &str) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = A::decode(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// Writes a value.
fn written<T: Wire>(value: &T) -> String {
    serde_json::to_string(&Encoded::new(value)).unwrap()
}

/// Holds every form that a type takes against the value it stands for, and every other against an error.
fn forms<T: Wire + PartialEq + Debug>(taken: &[(&str, T)], refused: &[&str]) {
    for (json, expected) in taken {
        assert_eq!(read::<T>(json).unwrap_or_else(|error| panic!("{json}: {error}")), *expected, "{json}");
    }
    for json in refused {
        let outcome = read::<T>(json);
        assert!(outcome.is_err(), "{json} became {outcome:?}");
    }
}
