//! The properties that hold for any input, one function per fuzz target.

pub mod body;
pub mod differential;
pub mod mutate;
pub mod request;
