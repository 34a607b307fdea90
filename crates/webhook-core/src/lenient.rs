//! What the vendors write where their pages say something else: each rule in a file of its own.
//!
//! Lenient at the edges, strict in the middle: every rule names the forms that it takes, and everything else is an
//! error with the path. Numbers out of range are errors, never wrapped.

mod boolean;
mod boxed;
mod if_text;
mod integer;
mod list;
mod map;
mod number;
mod option;
mod text;
mod time;

pub(crate) use if_text::IfText;
pub use map::EmptyAsArray;
pub(crate) use option::{Nullable, optional};
pub use time::{Iso8601, SpaceSeparated, UnixSeconds, parse_time};
