//! What must hold for any input whatever, one function per fuzz target.

pub mod body;
pub mod differential;
pub mod mutate;
pub mod request;
