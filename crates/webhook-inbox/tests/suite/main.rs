//! The inbox as its users meet it, on every store that the machine has.

mod bench;
mod keep;
mod misuse;
mod query;
