//! The properties that hold for any input, one function per fuzz target.

pub mod body;
pub mod request;
