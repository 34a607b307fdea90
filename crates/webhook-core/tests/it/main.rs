//! Tests of the core with the crate of an invented vendor.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]
#![expect(unreachable_pub, reason = "the macros write public types for vendor crates")]

mod authentication;
mod derive;
mod detection;
#[cfg(feature = "drift")]
mod drift;
mod envelope;
mod errors;
#[cfg(feature = "explain")]
mod explain;
mod heads;
mod idempotency;
mod invented;
mod json;
mod leniency;
mod messages;
#[cfg(feature = "samples")]
mod samples;
mod vocabularies;

use std::fmt::Debug;

use webhook_core::Wire;
use webhook_core::json::Reader;
use webhook_core::wire::{WireAs, Written};

/// Reads a value; `None` if it cannot be read.
fn read<T: Wire>(json: &str) -> Option<T> {
    let mut reader = Reader::new(json);
    let value = T::read(&mut reader).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert!(reader.at_end(), "{json} was not read to its end");
    value
}

/// Reads a value by a rule.
fn read_as<A: WireAs<T>, T>(json: &str) -> Option<T> {
    let mut reader = Reader::new(json);
    let value = A::read(&mut reader).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert!(reader.at_end(), "{json} was not read to its end");
    value
}

/// Writes a value.
fn written<T: Wire>(value: &T) -> String {
    serde_json::to_string(&Written(value)).unwrap()
}

/// Checks the value of every form; `None` for a form that cannot be read.
fn forms<T: Wire + PartialEq + Debug>(readings: &[(&str, T)], unusable: &[&str]) {
    for (json, expected) in readings {
        assert_eq!(read::<T>(json).as_ref(), Some(expected), "{json}");
    }
    for json in unusable {
        assert_eq!(read::<T>(json), None, "{json}");
    }
}
