//! Types as data: what they look like on the wire, what a delivery has that they do not know, schemas.

#[cfg(feature = "drift")]
pub mod drift;
mod path;
#[cfg(feature = "schema")]
pub mod schema;
mod shape;

pub use path::write_key;
pub(crate) use path::{join, path_at};
pub use shape::{Field, Shape, identity};
